using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PretrainBench.Core.Configuration;

/// <summary>What the code's own documentation says of configuration, from the XML file that the build writes beside an
/// assembly; empty where that is missing. References become keys and values as files have them.</summary>
public static partial class KeyMeaning
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, XElement>> Files = [];

    /// <summary>Of a key.</summary>
    public static string Of(PropertyInfo property) => Of($"P:{NameOf(property.DeclaringType!)}.{property.Name}",
        property.DeclaringType!);

    /// <summary>Of an enumeration's member.</summary>
    public static string Of(Type enumeration, string member) => Of($"F:{NameOf(enumeration)}.{member}", enumeration);

    /// <summary>Of the defaults that a record's constructor sets.</summary>
    public static string OfDefaults(Type record) => Of($"M:{NameOf(record)}.#ctor", record);

    private static string Of(string member, Type owner)
        => Files.GetOrAdd(owner.Assembly, Read).TryGetValue(member, out var summary)
            ? LineBreak().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim().TrimEnd('.') : "";

    private static Dictionary<string, XElement> Read(Assembly assembly)
    {
        var path = Path.ChangeExtension(assembly.Location, ".xml");
        return !File.Exists(path) ? []
            : XDocument.Load(path).Descendants("member").Where(member => member.Element("summary") is not null)
                .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")!);
    }

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    // <see cref="P:PretrainBench.….BatchConfig.SequenceLength"/> is `sequence_length`.
    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { IsEmpty: true } see when see.Attribute("cref")?.Value.Split('.')[^1] is { } name
            => see.Attribute("cref")!.Value[0] is 'P' or 'F' ? $"`{SnakeCase.From(name)}`" : name,
        XElement code => $"`{code.Value}`",
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex LineBreak();
}
