using System.Text.Json;

namespace PretrainBench.Data;

/// <summary>One JSON object a line, plain or compressed, with the text in one field; blank lines are passed
/// over.</summary>
internal sealed class JsonLinesFormat(string field) : IDocumentFormat
{
    public IEnumerable<Document> Read(string path, ReadCounter counter)
    {
        using var stream = counter.OpenUnpacked(path);
        var lines = new ByteLineReader(stream);
        while (Next(lines, path, out var line))
        {
            if (line.Span.Trim(" \t"u8).IsEmpty) continue;
            var text = TextOf(line.Span, $"{path}:{lines.LineNumber}");
            if (!string.IsNullOrWhiteSpace(text)) yield return new Document(text, $"{path}:{lines.LineNumber}");
        }
    }

    private static bool Next(ByteLineReader lines, string path, out ReadOnlyMemory<byte> line)
    {
        try
        {
            return lines.TryRead(out line);
        }
        catch (Exception e) when (ReadCounter.IsDamage(e))
        {
            throw ReadCounter.Damaged(path, e);
        }
        catch (OverflowException e)
        {
            throw new UserException($"{path}:{lines.LineNumber + 1}: the line is longer than 1 GiB; "
                + "write one JSON object a line", inner: e);
        }
    }

    private string TextOf(ReadOnlySpan<byte> line, string origin)
    {
        string? text = null;
        var names = new List<string>();
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw new UserException($"{origin}: expected a JSON object; write one a line");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isText = reader.ValueTextEquals(field);
                if (!isText && text is null) names.Add(reader.GetString()!);
                reader.Read();
                if (isText) text = StringOf(ref reader, origin);
                else reader.Skip();
            }
            if (reader.Read()) throw new UserException($"{origin}: more than one JSON object; write one a line");
        }
        catch (JsonException e)
        {
            throw new UserException(
                $"{origin}: not valid JSON (at byte {e.BytePositionInLine + 1} of the line); mend the line", inner: e);
        }
        catch (InvalidOperationException e)
        {
            throw new UserException(
                $"{origin}: the text is not valid UTF-8, or has half of a surrogate pair; mend the line", inner: e);
        }
        return text ?? throw new UserException($"{origin}: no field `{field}`; the fields are "
            + $"{(names.Count == 0 ? "none" : string.Join(", ", names))}; name the text's field with `text_field`");
    }

    private string StringOf(ref Utf8JsonReader reader, string origin)
        => reader.TokenType == JsonTokenType.String
            ? reader.GetString()!
            : throw new UserException(
                $"{origin}: field `{field}` is not a text; name the text's field with `text_field`");
}
