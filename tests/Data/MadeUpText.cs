using System.Text;

namespace PretrainBench.Data.Tests;

/// <summary>Texts made up from a seed.</summary>
internal static class MadeUpText
{
    private static readonly string[] Syllables =
        ["ba", "ko", "tri", "men", "al", "os", "pu", "ne", "vor", "li", "s", "é", "ß"];

    /// <summary>Words with repetition, so that there is something to merge.</summary>
    public static string Words(Random random, int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            if (i > 0) text.Append(random.Next(12) == 0 ? ", " : " ");
            for (var j = random.Next(1, 4); j > 0; j--)
                text.Append(Syllables[(int)(Syllables.Length * Math.Pow(random.NextDouble(), 2))]);
        }
        return text.Append('.').ToString();
    }

    /// <summary>Any characters at all, also beyond the basic plane, but no halves of surrogate pairs.</summary>
    public static string Anything(Random random, int length)
    {
        var text = new StringBuilder();
        for (var i = 0; i < length; i++)
        {
            var rune = random.Next(5) switch
            {
                0 => random.Next(0x20),
                1 => random.Next(0x20, 0x7F),
                2 => random.Next(0x80, 0x800),
                3 => random.Next(0x800, 0xD800),
                _ => random.Next(0xE000, 0x110000),
            };
            text.Append(new Rune(rune));
        }
        return text.ToString();
    }

    public static string[] Documents(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => $"{i} {Words(random, random.Next(5, 60))}")];
    }

    public static string JsonLines(IEnumerable<string> texts)
        => string.Concat(
            texts.Select((text, i) => System.Text.Json.JsonSerializer.Serialize(new { id = i, text }) + "\n"));
}
