using System.Text.Json;
using Json.Schema;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Grids.Configuration;
using PretrainBench.Tests;

namespace PretrainBench.Grids.Tests.Configuration;

/// <summary>The schemas, as an editor's validator reads them.</summary>
public class FileSchemasTests
{
    private static string Configs => Path.Combine(Repository.Root, "configs");

    public static TheoryData<string> Files => [.. new[] { "", "grids", "optimizers" }
        .SelectMany(folder => Directory.GetFiles(Path.Combine(Configs, folder), "*.yaml"))
        .Select(path => Path.GetRelativePath(Configs, path))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_file_that_the_repository_has_is_valid(string file)
    {
        var schema = file.StartsWith("optimizers", StringComparison.Ordinal) ? "optimizer"
            : file is "run.yaml" ? "run" : "grid";
        Assert.True(IsValid(schema, File.ReadAllText(Path.Combine(Configs, file))));
    }

    [Theory]
    [InlineData("run", "modle: {size: 1M}")]
    [InlineData("run", "model: {size: 1M, layerz: 2}")]
    [InlineData("run", "optimizer: muonn")]
    [InlineData("run", "optimizer: {name: adamw, momentum: 0.9}")]
    [InlineData("run", "schedule: {kind: cosinus}")]
    [InlineData("run", "seed: [1]")]
    public void What_the_program_refuses_is_not_valid(string schema, string wrong)
    {
        const string Rest = "model: {size: 1M}\ndata: {folder: d}\noptimizer: adamw\nbudget: {tokens: 1M}\n";
        Assert.True(IsValid(schema, Rest));
        var rest = Without(Rest, wrong.Split(':')[0]);
        Assert.False(IsValid(schema, rest + wrong));
    }

    [Theory]
    [InlineData("axes: {optimiser: [adamw]}")]
    [InlineData("base: {model: {wdith: 5}}")]
    [InlineData("sizes: {t: {layers: 1, widht: 16}}")]
    [InlineData("scaling: {weight_decay: {at: 5}}")]
    [InlineData("trunks: maybe")]
    public void A_grids_trees_are_checked_as_well(string wrong)
    {
        const string Rest = "name: g\nbase: b.yaml\naxes: {optimizer: [adamw], size: 1M, tokens_per_parameter: [1]}\n";
        Assert.True(IsValid("grid", Rest));
        var rest = Without(Rest, wrong.Split(':')[0]);
        Assert.False(IsValid("grid", rest + wrong));
    }

    private static string Without(string yaml, string key)
        => string.Concat(yaml.Split('\n').Where(line => !line.StartsWith(key + ":", StringComparison.Ordinal))
            .Select(line => line + "\n"));

    private static bool IsValid(string schema, string yaml)
        => JsonSchema.FromText(FileSchemas.Of(schema).ToJsonString()).Evaluate(
            JsonSerializer.SerializeToElement(ConfigFile.Parse(yaml, "a file"), JsonFormat.Line)).IsValid;
}
