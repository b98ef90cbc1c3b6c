namespace PretrainBench.Data;

/// <summary>One text that is learned or held out as a whole.</summary>
/// <param name="Text">The text; never empty.</param>
/// <param name="Origin">Where it stands, as shown in errors: file and line, row or member.</param>
internal readonly record struct Document(string Text, string Origin)
{
    /// <summary>Gathers neighbouring documents' texts into groups that are worth handing to a thread.</summary>
    /// <param name="characters">A group ends with the document that brings it to this length.</param>
    public static IEnumerable<IReadOnlyList<string>> InGroups(IEnumerable<Document> documents, int characters)
    {
        var group = new List<string>();
        var length = 0;
        foreach (var document in documents)
        {
            group.Add(document.Text);
            if ((length += document.Text.Length) < characters) continue;
            yield return group;
            (group, length) = ([], 0);
        }
        if (group.Count > 0) yield return group;
    }
}

/// <summary>Reads the documents of one kind of file, one after the other, without holding the file in memory.</summary>
internal interface IDocumentFormat
{
    /// <summary>The documents of a file in their order; texts of white space alone are left out.</summary>
    /// <exception cref="UserException">The file is missing, damaged, or not of this kind; names file and
    /// line.</exception>
    IEnumerable<Document> Read(string path, ReadCounter counter);
}
