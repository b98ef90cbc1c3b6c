using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace PretrainBench.Core.Configuration;

/// <summary>The keys of a record type, found once: a grid of ten thousand runs binds and writes as many
/// configurations.</summary>
internal sealed class RecordKeys
{
    private static readonly ConcurrentDictionary<Type, RecordKeys> Known = [];

    private RecordKeys(Type type)
    {
        var settable = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
            .OrderBy(property => property.MetadataToken)
            .ToLookup(property => property.IsDefined(typeof(OtherKeysAttribute)));
        Properties = [.. settable[false].Select(property => (SnakeCase.From(property.Name), property))];
        Property = Properties.ToDictionary(entry => entry.Key, entry => entry.Property);
        Required = [.. Properties.Where(entry => entry.Property.IsDefined(typeof(RequiredMemberAttribute)))
            .Select(entry => entry.Key)];
        Others = settable[true].FirstOrDefault();
        Clone = type.GetMethod("<Clone>$");
    }

    /// <summary>In order of declaration.</summary>
    public IReadOnlyList<(string Key, PropertyInfo Property)> Properties { get; }

    /// <summary>The property of each key.</summary>
    public IReadOnlyDictionary<string, PropertyInfo> Property { get; }

    /// <summary>The keys that must be there.</summary>
    public IReadOnlyList<string> Required { get; }

    /// <summary>The property that takes the keys which no other has; null when such keys are errors.</summary>
    public PropertyInfo? Others { get; }

    /// <summary>What <c>with</c> copies by; null for what is no record.</summary>
    public MethodInfo? Clone { get; }

    public static RecordKeys Of(Type type) => Known.GetOrAdd(type, static type => new(type));
}
