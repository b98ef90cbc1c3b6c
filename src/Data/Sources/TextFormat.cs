namespace PretrainBench.Data;

/// <summary>Plain text in UTF-8. A file is cut at blank lines into documents of at least
/// <see cref="MinimumCharacters"/> characters (whole paragraphs gathered), so that part of a single long file can be
/// held out; without blank lines it is cut at the first line end after <see cref="MaximumCharacters"/>. Line ends
/// become <c>\n</c>.</summary>
internal sealed class TextFormat : IDocumentFormat
{
    internal const int MinimumCharacters = 4096;

    internal const int MaximumCharacters = 65536;

    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public IEnumerable<Document> Read(string path, ReadCounter counter)
    {
        using var stream = counter.OpenUnpacked(path);
        using var reader = new StreamReader(stream, Strict, detectEncodingFromByteOrderMarks: false);
        var text = new StringBuilder();
        long line = 0, first = 1;
        while (NextLine(reader, path, line) is { } content)
        {
            line++;
            if (line == 1) content = content.TrimStart('\uFEFF');
            text.Append(content).Append('\n');
            var least = string.IsNullOrWhiteSpace(content) ? MinimumCharacters : MaximumCharacters;
            if (text.Length < least) continue;
            if (Take(text) is { } part) yield return new Document(part, $"{path}:{first}");
            first = line + 1;
        }
        if (Take(text) is { } last) yield return new Document(last, $"{path}:{first}");
    }

    private static string? NextLine(StreamReader reader, string path, long line)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (DecoderFallbackException e)
        {
            // The reader decodes ahead by a block, so the line is where that block begins.
            throw new UserException($"{path}: not valid UTF-8 at or after line {line + 1}; convert the file to UTF-8",
                inner: e);
        }
        catch (Exception e) when (ReadCounter.IsDamage(e))
        {
            throw ReadCounter.Damaged(path, e);
        }
    }

    private static string? Take(StringBuilder text)
    {
        var part = text.ToString().Trim('\n');
        text.Clear();
        return string.IsNullOrWhiteSpace(part) ? null : part;
    }
}
