using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PretrainBench.Core.Configuration;

/// <summary>YAML as configurations use it: one document of words, lists and mappings. What could cost more than it
/// says (nesting without end, anchors within themselves, aliases of aliases) is refused before it does.</summary>
internal sealed class ConfigYaml
{
    /// <summary>How deep mappings and lists may stand in each other.</summary>
    public const int MostDepth = 100;

    /// <summary>How many values there may be, those behind an alias counted at each of its uses.</summary>
    public const int MostValues = 1_000_000;

    private readonly Parser _parser;
    private readonly string _name;
    private readonly Func<long, string> _originOf;
    private readonly Dictionary<string, (ConfigNode Node, int Values)> _anchors = [];
    private int _values;

    private ConfigYaml(string text, string name, Func<long, string> originOf)
        => (_parser, _name, _originOf) = (new Parser(new StringReader(text)), name, originOf);

    private string Here => _originOf(_parser.Current?.Start.Line ?? 1);

    /// <summary>Reads the document; null where there is none.</summary>
    /// <param name="name">The text's name in errors of its syntax.</param>
    /// <param name="originOf">The origin of what stands on a line.</param>
    /// <exception cref="UserException">The text is not YAML, or more of it than configurations use.</exception>
    public static ConfigNode? Read(string text, string name, Func<long, string> originOf)
    {
        // The package takes it for the end of the text.
        if (text.Contains('\0'))
            throw new UserException($"{name}:1: holds bytes that are zero: it is no text");
        var reader = new ConfigYaml(text, name, originOf);
        try
        {
            return reader.Document();
        }
        catch (YamlException e)
        {
            var reason = e.InnerException?.Message ?? e.Message;
            throw new UserException($"{name}:{e.Start.Line}: not valid YAML: {reason}", inner: e);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException
            or OverflowException or IndexOutOfRangeException)
        {
            // What the package throws at escapes of characters that do not exist, and the like.
            throw new UserException($"{reader.Here}: not valid YAML: {e.Message}", inner: e);
        }
    }

    private ConfigNode? Document()
    {
        Next();
        Next();
        if (_parser.Current is StreamEnd) return null;
        Next();
        var root = Node(0);
        Next();
        Next();
        if (_parser.Current is not StreamEnd)
            throw new UserException($"{_name}:{_parser.Current!.Start.Line}: a second document begins (`---`); a "
                + "configuration is one document");
        return root;
    }

    private void Next() => _parser.MoveNext();

    /// <summary>Reads the node that begins here, and stands on its last event then.</summary>
    private ConfigNode Node(int depth)
    {
        var origin = Here;
        if (++_values > MostValues)
            throw new UserException($"{origin}: more than {MostValues:N0} values, with those behind an alias at each "
                + "of its uses; this is no configuration");
        if (depth > MostDepth)
            throw new UserException($"{origin}: stands more than {MostDepth} levels deep; this is no configuration");
        if (_parser.Current is AnchorAlias alias) return Aliased(alias, origin);
        var start = (NodeEvent)_parser.Current!;
        if (!start.Tag.IsEmpty)
            throw new UserException($"{origin}: the tag `{start.Tag.Value}` means nothing here; leave it out");
        var before = _values;
        ConfigNode node = start switch
        {
            MappingStart => Mapping(origin, depth),
            SequenceStart => Sequence(origin, depth),
            _ => Scalar((Scalar)start, origin),
        };
        if (!start.Anchor.IsEmpty) _anchors[start.Anchor.Value] = (node, _values - before + 1);
        return node;
    }

    private ConfigNode Aliased(AnchorAlias alias, string origin)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var target))
            throw new UserException(
                $"{origin}: `*{alias.Value.Value}` stands for nothing that is complete before it");
        _values += target.Values;
        if (_values > MostValues)
            throw new UserException($"{origin}: with `*{alias.Value.Value}` there are more than {MostValues:N0} "
                + "values; this is no configuration");
        return target.Node is ConfigMapping mapping ? mapping.Copy() : target.Node;
    }

    private ConfigMapping Mapping(string origin, int depth)
    {
        var mapping = new ConfigMapping(origin);
        for (Next(); _parser.Current is not MappingEnd; Next())
        {
            if (Node(depth + 1) is not ConfigScalar key) throw new UserException($"{origin}: a key must be a word");
            Next();
            if (mapping[key.Text] is not null)
                throw new UserException($"{key.Origin}: `{key.Text}` stands there twice");
            mapping[key.Text] = Node(depth + 1);
        }
        return mapping;
    }

    private ConfigSequence Sequence(string origin, int depth)
    {
        var items = new List<ConfigNode>();
        for (Next(); _parser.Current is not SequenceEnd; Next()) items.Add(Node(depth + 1));
        return new(items, origin);
    }

    private static ConfigScalar Scalar(Scalar scalar, string origin)
        => new(scalar.Value, origin, IsText: scalar.Style != ScalarStyle.Plain);
}
