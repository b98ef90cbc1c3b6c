using System.Text;
using System.Xml;

namespace PretrainBench.Data;

/// <summary>
/// Renders one <c>member</c> of an XML documentation file as plain text: blocks (summary, parameters, exceptions, …) on
/// lines of their own, references by the name of what they refer to, white space collapsed except within code.
/// </summary>
internal sealed class DocumentationText
{
    private readonly StringBuilder _text = new();
    private bool _space;

    /// <summary>Renders the element on which the reader stands and leaves the reader on its end.</summary>
    /// <param name="reader">On the start of a <c>member</c> element.</param>
    /// <returns>The text; empty when the member says nothing.</returns>
    public string Render(XmlReader reader)
    {
        _text.Clear();
        _space = false;
        Children(reader, verbatim: false);
        BreakLine();
        return _text.ToString().TrimEnd('\n');
    }

    /// <summary>The simple name that a reference such as <c>M:System.Text.Encoding.GetBytes(System.String)</c> ends in.</summary>
    /// <param name="reference">A documentation identifier.</param>
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

    private void Children(XmlReader reader, bool verbatim)
    {
        if (reader.IsEmptyElement) return;
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    Element(reader, verbatim);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    if (verbatim) Verbatim(reader.Value);
                    else Flow(reader.Value);
                    break;
            }
        }
    }

    private void Element(XmlReader reader, bool verbatim)
    {
        switch (reader.Name)
        {
            case "paramref" or "typeparamref":
                Flow(reader.GetAttribute("name") ?? "");
                Children(reader, verbatim);
                break;
            case "see" or "seealso" or "xref" or "a":
                Reference(reader, verbatim);
                break;
            case "code":
                BreakLine();
                Children(reader, verbatim: true);
                BreakLine();
                break;
            case "br":
                BreakLine();
                break;
            case "term":
                Children(reader, verbatim);
                Flow(": ");
                break;
            case "c" or "b" or "i" or "em" or "strong" or "description" or "sub" or "sup" or "tt" or "u":
                Children(reader, verbatim);
                break;
            default:
                BreakLine();
                Children(reader, verbatim);
                BreakLine();
                break;
        }
    }

    private void Reference(XmlReader reader, bool verbatim)
    {
        var name = reader.GetAttribute("cref") is { } cref ? NameOf(cref) : reader.GetAttribute("langword") ?? reader.GetAttribute("href") ?? "";
        var (length, space) = (_text.Length, _space);
        Children(reader, verbatim);
        if (_text.Length == length)
        {
            _space = space;
            Flow(name);
        }
    }

    private void Flow(string value)
    {
        foreach (var character in value)
        {
            if (char.IsWhiteSpace(character))
            {
                _space = true;
                continue;
            }
            if (_space && !AtLineStart) _text.Append(' ');
            _space = false;
            _text.Append(character);
        }
    }

    private void Verbatim(string value)
    {
        foreach (var line in value.AsSpan().EnumerateLines())
        {
            var trimmed = line.TrimEnd();
            if (trimmed.IsEmpty) continue;
            _text.Append(trimmed).Append('\n');
        }
        _space = false;
    }

    private void BreakLine()
    {
        if (!AtLineStart) _text.Append('\n');
        _space = false;
    }

    private bool AtLineStart => _text.Length == 0 || _text[^1] == '\n';
}
