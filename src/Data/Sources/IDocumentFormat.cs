namespace PretrainBench.Data;

/// <summary>Reads the documents of one kind of file, one after the other, without holding the file in memory.</summary>
internal interface IDocumentFormat
{
    /// <summary>The documents of a file in their order; texts of white space alone are left out.</summary>
    /// <exception cref="UserException">The file is missing, damaged, or not of this kind; names file and
    /// line.</exception>
    IEnumerable<Document> Read(string path, ReadCounter counter);
}
