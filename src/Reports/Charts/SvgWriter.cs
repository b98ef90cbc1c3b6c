using System.Globalization;
using System.Text;
using PretrainBench.Reports.Page;

namespace PretrainBench.Reports.Charts;

/// <summary>Writes well-formed SVG elements: escaped, in a fixed number format, the same text for the same
/// calls.</summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder _text = new();
    private readonly Stack<string> _open = new();

    /// <summary>Opens an element; attributes that are null are left out.</summary>
    public SvgWriter Open(string name, params (string Name, object? Value)[] attributes)
    {
        Start(name, attributes);
        _text.Append('>');
        _open.Push(name);
        return this;
    }

    /// <summary>Closes the element opened last.</summary>
    public SvgWriter Close()
    {
        _text.Append("</").Append(_open.Pop()).Append(">\n");
        return this;
    }

    /// <summary>Writes an element without content.</summary>
    public SvgWriter Leaf(string name, params (string Name, object? Value)[] attributes)
    {
        Start(name, attributes);
        _text.Append("/>\n");
        return this;
    }

    /// <summary>Writes an element that holds text only.</summary>
    public SvgWriter Text(string name, string content, params (string Name, object? Value)[] attributes)
    {
        Start(name, attributes);
        _text.Append('>').Append(HtmlText.Escape(content)).Append("</").Append(name).Append(">\n");
        return this;
    }

    /// <summary>Adds markup that another writer made.</summary>
    public SvgWriter Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    public override string ToString() => _text.ToString();

    /// <summary>A coordinate with two decimals at most: finer than a pixel, and the same on every machine.</summary>
    public static string Number(double value)
    {
        var text = Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    private void Start(string name, (string Name, object? Value)[] attributes)
    {
        _text.Append('<').Append(name);
        foreach (var (key, value) in attributes)
        {
            if (value is not null)
            {
                var text = value is double number
                    ? Number(number)
                    : Convert.ToString(value, CultureInfo.InvariantCulture)!;
                _text.Append(' ').Append(key).Append("=\"").Append(HtmlText.Escape(text)).Append('"');
            }
        }
    }
}
