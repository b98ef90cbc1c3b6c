namespace PretrainBench.Core.Configuration;

/// <summary>A configuration record that can say everything that is impossible about its values.</summary>
public interface IValidated
{
    /// <summary>
    /// All problems, each with the property that it is about (as in the code; the binder turns it into the key)
    /// and what to do. Nested records are validated on their own.
    /// </summary>
    IEnumerable<(string Property, string Problem)> Validate();
}

/// <summary>A configuration whose record type depends on its content, such as an optimizer's rule; the binder calls it instead of reflecting.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IConfigParsable<TSelf>
    where TSelf : IConfigParsable<TSelf>
{
    /// <summary>Reads the value; adds to <paramref name="errors"/> what is wrong and returns null then.</summary>
    /// <param name="node">What was written.</param>
    /// <param name="path">Its dotted path, for errors.</param>
    /// <param name="errors">Collects what is wrong.</param>
    static abstract TSelf? FromConfig(ConfigNode node, string path, ConfigErrors errors);

    /// <summary>What to write so that <see cref="FromConfig"/> gives this value back: mappings are dictionaries, in order.</summary>
    object ToConfig();
}
