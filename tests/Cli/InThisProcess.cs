namespace PretrainBench.Cli.Tests;

/// <summary>Tests that build the tree of commands themselves; its parts are shared, so that they run one after
/// another.</summary>
[CollectionDefinition(Name)]
public sealed class InThisProcess
{
    public const string Name = "in this process";
}
