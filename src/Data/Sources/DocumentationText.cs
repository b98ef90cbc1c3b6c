using System.Xml;

namespace PretrainBench.Data;

/// <summary>Renders one <c>member</c> of an XML documentation file as one line of plain text: summary, parameters,
/// returns and the rest one after the other, references by the name of what they refer to, white space collapsed to
/// single spaces.</summary>
internal sealed class DocumentationText
{
    private readonly StringBuilder _text = new();
    private bool _space;

    /// <summary>Renders the <c>member</c> on whose start the reader stands and leaves the reader on its end; empty when
    /// it says nothing.</summary>
    public string Render(XmlReader reader)
    {
        _text.Clear();
        _space = false;
        Children(reader);
        return _text.ToString();
    }

    /// <summary>The simple name that a reference such as <c>M:System.Text.Encoding.GetBytes(System.String)</c> ends
    /// in.</summary>
    internal static string NameOf(string reference)
    {
        var name = reference.Length > 2 && reference[1] == ':' ? reference.AsSpan(2) : reference;
        if (name.IndexOfAny('(', '{') is var end and >= 0) name = name[..end];
        if (name.IndexOf('`') is var arity and >= 0 && name[arity..].IndexOf('.') < 0) name = name[..arity];
        if (name.EndsWith(".#ctor")) name = name[..^6];
        if (name.EndsWith(".#cctor")) name = name[..^7];
        name = name[(name.LastIndexOfAny('.', '#') + 1)..];
        return name.IndexOf('`') is var tick and >= 0 ? name[..tick].ToString() : name.ToString();
    }

    private void Children(XmlReader reader)
    {
        if (reader.IsEmptyElement) return;
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    Element(reader);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                case XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    Append(reader.Value);
                    break;
            }
        }
    }

    private void Element(XmlReader reader)
    {
        switch (reader.Name)
        {
            case "paramref" or "typeparamref":
                Append(reader.GetAttribute("name") ?? "");
                Children(reader);
                break;
            case "see" or "seealso" or "xref" or "a":
                Reference(reader);
                break;
            case "c" or "b" or "i" or "em" or "strong" or "sub" or "sup" or "tt" or "u":
                Children(reader);
                break;
            case "term":
                _space = true;
                Children(reader);
                Append(":");
                break;
            default:
                // Everything else stands apart from its neighbours.
                _space = true;
                Children(reader);
                _space = true;
                break;
        }
    }

    private void Reference(XmlReader reader)
    {
        var name = reader.GetAttribute("cref") is { } cref ? NameOf(cref)
            : reader.GetAttribute("langword") ?? reader.GetAttribute("href") ?? "";
        var (length, space) = (_text.Length, _space);
        Children(reader);
        if (_text.Length > length) return;
        _space = space;
        Append(name);
    }

    private void Append(string value)
    {
        foreach (var character in value)
        {
            if (char.IsWhiteSpace(character))
            {
                _space = true;
                continue;
            }
            if (_space && _text.Length > 0) _text.Append(' ');
            _space = false;
            _text.Append(character);
        }
    }
}
