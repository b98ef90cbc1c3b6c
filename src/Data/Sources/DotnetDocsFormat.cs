using System.Xml;

namespace PretrainBench.Data;

/// <summary>The members of an XML documentation file that the compiler wrote, each rendered by
/// <see cref="DocumentationText"/>.</summary>
internal sealed class DotnetDocsFormat : IDocumentFormat
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
    };

    public IEnumerable<Document> Read(string path, ReadCounter counter)
    {
        using var stream = counter.Open(path);
        using var reader = XmlReader.Create(stream, Settings);
        var renderer = new DocumentationText();
        while (Try(path, () => reader.ReadToFollowing("member")))
        {
            var origin = $"{path}: {reader.GetAttribute("name")}";
            var text = Try(path, () => renderer.Render(reader));
            if (text.Length > 0) yield return new Document(text, origin);
        }
    }

    private static T Try<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (XmlException e)
        {
            throw new UserException($"{path}:{e.LineNumber}: not valid XML ({e.Message}); reinstall the .NET SDK "
                + "or choose another source", inner: e);
        }
    }
}
