using System.Xml;

namespace PretrainBench.Data;

/// <summary>The members of an XML documentation file that the compiler wrote, each rendered by <see cref="DocumentationText"/>.</summary>
internal sealed class DotnetDocsFormat : IDocumentFormat
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    public IEnumerable<Document> Read(string path, ReadCounter counter)
    {
        using var stream = counter.Open(path);
        using var reader = XmlReader.Create(stream, Settings);
        var renderer = new DocumentationText();
        while (NextMember(reader, path))
        {
            var origin = $"{path}: {reader.GetAttribute("name")}";
            var text = Render(renderer, reader, path);
            if (text.Length > 0) yield return new Document(text, origin);
        }
    }

    private static bool NextMember(XmlReader reader, string path)
    {
        try
        {
            return reader.ReadToFollowing("member");
        }
        catch (XmlException e)
        {
            throw Damaged(path, e);
        }
    }

    private static string Render(DocumentationText renderer, XmlReader reader, string path)
    {
        try
        {
            return renderer.Render(reader);
        }
        catch (XmlException e)
        {
            throw Damaged(path, e);
        }
    }

    private static UserException Damaged(string path, XmlException e)
        => new($"{path}:{e.LineNumber}: not valid XML ({e.Message}); reinstall the .NET SDK or choose another source", inner: e);
}
