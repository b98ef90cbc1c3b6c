using System.Text;
using System.Text.RegularExpressions;

namespace PretrainBench.Data.Tests.Tokenizers;

/// <summary>Byte-pair encoding as it is defined, with no bookkeeping at all.</summary>
internal static class SlowBpe
{
    public static (List<byte[]> Tokens, List<(int, int)> Merges) Train(IEnumerable<string> texts, int tokenCount)
    {
        var words = texts.SelectMany(text => PreTokenization.Gpt2().Matches(text).Select(match => match.Value))
            .GroupBy(word => word)
            .Select(group =>
                (Ids: Encoding.UTF8.GetBytes(group.Key).Select(value => (int)value).ToList(), Count: group.LongCount()))
                    .ToList();
        var tokens = Enumerable.Range(0, 256).Select(value => new[] { (byte)value }).ToList();
        var merges = new List<(int, int)>();
        while (tokens.Count < tokenCount)
        {
            var counts = new Dictionary<(int Left, int Right), long>();
            foreach (var (ids, count) in words)
                for (var i = 0; i + 1 < ids.Count; i++)
                    counts[(ids[i], ids[i + 1])] = counts.GetValueOrDefault((ids[i], ids[i + 1])) + count;
            var best = counts.OrderByDescending(entry => entry.Value)
                .ThenBy(entry => Convert.ToHexString(tokens[entry.Key.Left]), StringComparer.Ordinal)
                .ThenBy(entry => Convert.ToHexString(tokens[entry.Key.Right]), StringComparer.Ordinal).First().Key;
            byte[] bytes = [.. tokens[best.Left], .. tokens[best.Right]];
            var id = tokens.FindIndex(token => token.AsSpan().SequenceEqual(bytes));
            if (id < 0)
            {
                id = tokens.Count;
                tokens.Add(bytes);
            }
            merges.Add(best);
            foreach (var (ids, _) in words) Merge(ids, best, id);
        }
        return (tokens, merges);
    }

    /// <summary>Applies every merge in turn, from the first to the last.</summary>
    public static List<int> Encode(string text, List<byte[]> tokens, List<(int Left, int Right)> merges)
    {
        var all = new List<int>();
        foreach (Match match in PreTokenization.Gpt2().Matches(text))
        {
            var ids = Encoding.UTF8.GetBytes(match.Value).Select(value => (int)value).ToList();
            foreach (var merge in merges)
            {
                byte[] bytes = [.. tokens[merge.Left], .. tokens[merge.Right]];
                Merge(ids, merge, tokens.FindIndex(token => token.AsSpan().SequenceEqual(bytes)));
            }
            all.AddRange(ids);
        }
        return all;
    }

    private static void Merge(List<int> ids, (int Left, int Right) pair, int merged)
    {
        for (var i = 0; i + 1 < ids.Count; i++)
        {
            if ((ids[i], ids[i + 1]) != pair) continue;
            ids[i] = merged;
            ids.RemoveAt(i + 1);
        }
    }
}
