namespace PretrainBench.Core.Configuration;

/// <summary>A configuration that knows its own form.</summary>
public interface IConfigParsable
{
    /// <summary>What <see cref="IConfigParsable{TSelf}.FromConfig"/> makes an equal value of.</summary>
    ConfigNode ToConfig();
}

/// <summary>A configuration whose record type depends on its content, such as an optimizer's rule; the binder calls it
/// instead of reflecting.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IConfigParsable<TSelf> : IConfigParsable
    where TSelf : IConfigParsable<TSelf>
{
    /// <summary>Reads the value; adds to <paramref name="errors"/> what is wrong and returns null then.</summary>
    static abstract TSelf? FromConfig(ConfigNode node, string path, ConfigErrors errors);
}
