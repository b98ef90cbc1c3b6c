namespace PretrainBench.Data;

/// <summary>Gathers documents into groups that are worth handing to a thread.</summary>
internal static class DocumentGroups
{
    /// <summary>Groups neighbouring documents' texts.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="characters">A group ends with the document that brings it to this length.</param>
    public static IEnumerable<IReadOnlyList<string>> Of(IEnumerable<Document> documents, int characters)
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
