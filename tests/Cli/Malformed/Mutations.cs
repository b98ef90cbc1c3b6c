namespace PretrainBench.Cli.Tests.Malformed;

/// <summary>Damage to texts, drawn from a seed.</summary>
internal sealed class Mutations(int seed)
{
    private static readonly string[] Values =
    [
        "-1", "0", "-0", "1e400", "-1e308", "1e308", "1e-320", "NaN", "inf", "99999999999999999999", "", "null", "~",
        "[]", "{}", "true", "0x10", "１２", "5T", "1_0", "a: b", "*a", "&a", "!!int 3", "'", "\"", "[1,", "{a", "\u0001",
        "\0",
        "../../x", "/dev/zero", "%s%n", "\ud83c\udf32", "1;2", "1,5", "- - -", "<<", "@", "`", "---", "...", "\t",
    ];

    private readonly Random _random = new(seed);

    public int Next(int below) => _random.Next(below);

    public T One<T>(params IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    /// <summary>The text with one to three pieces of damage.</summary>
    public string Damage(string text)
    {
        for (var times = 1 + _random.Next(3); times > 0; times--) text = DamageOnce(text);
        return text;
    }

    private string DamageOnce(string text)
    {
        if (text.Length == 0) return One(Values);
        var at = _random.Next(text.Length);
        var length = Math.Min(1 + _random.Next(20), text.Length - at);
        switch (_random.Next(9))
        {
            case 0: return text[..at];
            case 1: return text.Remove(at, length);
            case 2: return text.Insert(at, One(Values));
            case 3: return text.Insert(at, text.Substring(at, length));
            case 4: return text.Insert(at, Nested());
            case 5: return text[..at] + (char)_random.Next(1, 0xD000) + text[(at + 1)..];
            case 6: return text + "\n" + text;
            case 7: return ReplaceWord(text, at);
            default:
                var lines = text.Split('\n');
                lines[_random.Next(lines.Length)] = One(Values);
                return string.Join('\n', lines);
        }
    }

    private string Nested()
    {
        var depth = 1 << _random.Next(15);
        return One(new string('[', depth), string.Concat(Enumerable.Repeat("{\"a\":", depth)),
            "&a [" + string.Concat(Enumerable.Repeat("*a,", Math.Min(depth, 100))) + "]", new string(' ', depth));
    }

    private string ReplaceWord(string text, int at)
    {
        var (from, to) = (at, at);
        while (from > 0 && IsWord(text[from - 1])) from--;
        while (to < text.Length && IsWord(text[to])) to++;
        return text[..from] + One(Values) + text[to..];

        static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '.' or '-' or '+';
    }
}
