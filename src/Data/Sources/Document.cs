namespace PretrainBench.Data;

/// <summary>One text that is learned or held out as a whole.</summary>
/// <param name="Text">The text; empty only where <paramref name="Tokens"/> stand for it.</param>
/// <param name="Origin">Where it stands, as shown in errors: file and line, row or member.</param>
/// <param name="Tokens">What the source holds instead of a text, if it is token shards of others.</param>
internal readonly record struct Document(string Text, string Origin, TokenText? Tokens = null)
{
    /// <summary>The text in UTF-8.</summary>
    public byte[] Utf8() => Tokens?.Utf8 ?? Encoding.UTF8.GetBytes(Text);

    /// <summary>Gathers neighbouring documents into groups that are worth handing to a thread.</summary>
    /// <param name="characters">A group ends with the document that brings it to this length.</param>
    public static IEnumerable<IReadOnlyList<Document>> InGroups(IEnumerable<Document> documents, int characters)
    {
        var group = new List<Document>();
        var length = 0;
        foreach (var document in documents)
        {
            group.Add(document);
            if ((length += document.Tokens?.Utf8.Length ?? document.Text.Length) < characters) continue;
            yield return group;
            (group, length) = ([], 0);
        }
        if (group.Count > 0) yield return group;
    }
}

/// <summary>A text that was tokenised elsewhere.</summary>
/// <param name="Ids">Its tokens, without separators.</param>
/// <param name="Utf8">The bytes that they stand for.</param>
internal sealed record TokenText(int[] Ids, byte[] Utf8);

/// <summary>Reads the documents of one kind of file, one after the other, without holding the file in memory.</summary>
internal interface IDocumentFormat
{
    /// <summary>The documents of a file in their order; texts of white space alone are left out.</summary>
    /// <exception cref="UserException">The file is missing, damaged, or not of this kind; names file and
    /// line.</exception>
    IEnumerable<Document> Read(string path, ReadCounter counter);
}
