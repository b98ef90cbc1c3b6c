using System.Text.Json;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Core.Tests.Configuration;

public sealed class ConfigBinderTests
{
    private enum Shape
    {
        Cosine,
        WarmupStableDecay,
    }

    private sealed record Inner : IValidated
    {
        public required double LearningRate { get; init; }

        public Shape Shape { get; init; } = Shape.Cosine;

        public double? Clip { get; init; } = 1.0;

        public IEnumerable<(string Property, string Problem)> Validate()
        {
            if (LearningRate <= 0) yield return (nameof(LearningRate), "must be positive");
            if (Clip is <= 0) yield return (nameof(Clip), "must be positive, or null for no clipping");
        }
    }

    private sealed record Outer
    {
        public required Inner Optimizer { get; init; }

        public long Tokens { get; init; } = 10;

        public IReadOnlyList<int> Sizes { get; init; } = [];

        public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

        public bool Tied { get; init; }
    }

    private static Outer Bind(string yaml)
        => ConfigBinder.Bind<Outer>(ConfigFile.Parse(yaml, "run.yaml"), "the configuration");

    private static string ErrorOf(string yaml) => Assert.Throws<UserException>(() => Bind(yaml)).Message;

    [Fact]
    public void Reads_nested_records_lists_dictionaries_and_scaled_counts()
    {
        var config = Bind("""
            optimizer: {learning_rate: 3e-3, shape: warmup_stable_decay, clip: null}
            tokens: 4.9M
            sizes: [1, 2]
            weights: {a: 0.5}
            tied: true
            """);
        Assert.Equal((3e-3, Shape.WarmupStableDecay, null),
            (config.Optimizer.LearningRate, config.Optimizer.Shape, config.Optimizer.Clip));
        Assert.Equal(4_900_000, config.Tokens);
        Assert.Equal([1, 2], config.Sizes);
        Assert.Equal(0.5, config.Weights["a"]);
        Assert.True(config.Tied);
    }

    [Fact]
    public void Reports_every_error_at_once_with_its_line()
    {
        var message = ErrorOf("""
            optimizer:
              lerning_rate: 3e-3
              shape: cosin
            tokens: 5h
            sizes: [1, x]
            """);
        Assert.Contains("5 errors", message);
        Assert.Contains("run.yaml:2: optimizer.lerning_rate: unknown key; did you mean `learning_rate`?", message);
        Assert.Contains(
            "run.yaml:3: optimizer.shape: `cosin` is not one of cosine, warmup_stable_decay; did you mean `cosine`?",
            message);
        Assert.Contains("optimizer.learning_rate: is required and missing", message);
        Assert.Contains("run.yaml:4: tokens: `5h` is not a whole number", message);
        Assert.Contains("run.yaml:5: sizes[1]: `x`", message);
    }

    [Fact]
    public void Validation_errors_point_at_the_key()
        => Assert.Contains("run.yaml:1: optimizer.learning_rate: must be positive",
            ErrorOf("optimizer: {learning_rate: -1}"));

    [Theory]
    [InlineData("optimizer: 3", "optimizer: expected further keys")]
    [InlineData("optimizer: {learning_rate: }", "learning_rate: has no value")]
    [InlineData("optimizer: {learning_rate: [1]}", "expected a number")]
    [InlineData("optimizer: {learning_rate: nan}", "`nan` is not a number")]
    [InlineData("{optimizer: {learning_rate: 1}, tokens: 1.5}", "`1.5` is not a whole number")]
    [InlineData("{optimizer: {learning_rate: 1}, tokens: 1e20}",
        "`1e20` is not a whole number (such as 4096 or 4.9M), of at most 9000000000000000")]
    [InlineData("{optimizer: {learning_rate: 1}, sizes: [3B]}",
        "`3B` is not a whole number (such as 4096 or 4.9M), of at most 2147483647")]
    public void Says_what_was_expected(string yaml, string expected) => Assert.Contains(expected, ErrorOf(yaml));

    [Theory]
    [InlineData("a: [", "run.yaml:2: not valid YAML")]
    [InlineData("a: 1\na: 2", "run.yaml:2: `a` stands there twice")]
    [InlineData("- 1", "expected `key: value` lines")]
    public void Says_where_the_file_is_not_usable(string yaml, string expected)
        => Assert.Contains(expected, ErrorOf(yaml));

    [Fact]
    public void Overrides_replace_and_add_and_name_the_argument_in_errors()
    {
        var root = ConfigFile.Parse("optimizer: {learning_rate: 1}", "run.yaml");
        ConfigFile.Override(root, "optimizer.learning_rate=0.5");
        ConfigFile.Override(root, "sizes=[3, 4]");
        var config = ConfigBinder.Bind<Outer>(root, "the configuration");
        Assert.Equal(0.5, config.Optimizer.LearningRate);
        Assert.Equal([3, 4], config.Sizes);

        ConfigFile.Override(root, "optimizer.learning_rate=fast");
        var error = Assert.Throws<UserException>(() => ConfigBinder.Bind<Outer>(root, "the configuration"));
        Assert.Contains("argument `optimizer.learning_rate=fast`: optimizer.learning_rate: `fast` is not a number",
            error.Message);
    }

    [Fact]
    public void An_override_can_be_the_content_of_a_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "learning_rate: 0.5");
            var root = ConfigFile.Parse("optimizer: {learning_rate: 1}", "run.yaml");
            ConfigFile.Override(root, $"optimizer=@{file}");
            Assert.Equal(0.5, ConfigBinder.Bind<Outer>(root, "the configuration").Optimizer.LearningRate);

            File.WriteAllText(file, "learning_rate: fast");
            ConfigFile.Override(root, $"optimizer=@{file}");
            var error = Assert.Throws<UserException>(() => ConfigBinder.Bind<Outer>(root, "the configuration"));
            Assert.Contains($"{file}:1: optimizer.learning_rate: `fast` is not a number", error.Message);
        }
        finally
        {
            File.Delete(file);
        }
        Assert.Contains("no such file",
            Assert.Throws<UserException>(
                () => ConfigFile.Override(new ConfigMapping("test"), "optimizer=@no-such-file.yaml")).Message);
    }

    private sealed record Choice : IConfigParsable<Choice>
    {
        public required Outer Settings { get; init; }

        public static Choice? FromConfig(ConfigNode node, string path, ConfigErrors errors)
            => ConfigBinder.Bind(typeof(Outer), node, path, errors) is Outer settings
                ? new Choice { Settings = settings }
                : null;

        public ConfigNode ToConfig() => ConfigWriter.ToTree(Settings);
    }

    private sealed record Holder
    {
        public required Choice Choice { get; init; }
    }

    [Fact]
    public void Records_inside_a_parsable_are_written_whole()
    {
        var holder =
            ConfigBinder.Bind<Holder>(ConfigFile.Parse("choice: {optimizer: {learning_rate: 0.25}}", "a.yaml"), "a");
        var yaml = ConfigWriter.ToYaml(holder);
        Assert.Contains("learning_rate: 0.25", yaml, StringComparison.Ordinal);
        Assert.Equal(yaml,
            ConfigWriter.ToYaml(ConfigBinder.Bind<Holder>(ConfigFile.Parse(yaml, "written"), "written")));
        Assert.Contains("\"learning_rate\":0.25", ConfigWriter.ToCanonicalJson(holder), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_laid_over_a_record_replaces_single_values_and_is_checked()
    {
        var record = Bind("{optimizer: {learning_rate: 0.5, clip: 2}, tokens: 7}");
        var errors = new ConfigErrors();
        var over = ConfigBinder.BindOver(record, ConfigFile.Parse("optimizer: {clip: 3}", "top.yaml"), "", errors);
        Assert.Equal((0.5, 3, 7), (over.Optimizer.LearningRate, over.Optimizer.Clip, over.Tokens));
        Assert.Equal(2, record.Optimizer.Clip);
        Assert.Empty(errors.Messages);

        ConfigBinder.BindOver(record, ConfigFile.Parse("optimizer: {clip: -3}\ntoken: 1", "top.yaml"), "run", errors);
        Assert.Equal(["top.yaml:1: run.optimizer.clip: must be positive, or null for no clipping",
            "top.yaml:2: run.token: unknown key; did you mean `tokens`?"], errors.Messages);
    }

    private sealed record Open
    {
        public string? Name { get; init; }

        [OtherKeys]
        public ConfigMapping Rest { get; init; } = new("nothing");
    }

    [Fact]
    public void A_record_can_take_the_keys_that_it_does_not_know()
    {
        var open = ConfigBinder.Bind<Open>(ConfigFile.Parse("{name: a, more: {b: 1}}", "a.yaml"), "a");
        Assert.Equal(["more"], open.Rest.Keys);
        Assert.Equal("""{"more":{"b":1},"name":"a"}""", ConfigWriter.ToCanonicalJson(open));
    }

    [Theory]
    [InlineData("1M", "\"1M\"")]
    [InlineData("'1'", "\"1\"")]
    [InlineData("'true'", "\"true\"")]
    [InlineData("'null'", "\"null\"")]
    [InlineData("true", "true")]
    [InlineData("3e-3", "0.003")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("-7", "-7")]
    [InlineData("1.0", "1")]
    [InlineData("it's: [a", null)]
    [InlineData("/data/\u00e9\U0001F600/\\n\n\t\"", null)]
    public void Values_keep_their_kind_in_JSON_and_come_back_from_YAML(string written, string? json)
    {
        var tree = json is null
            ? (ConfigMapping)ConfigWriter.ToTree(new Open { Name = written })
            : ConfigFile.Parse($"name: {written}", "a.yaml");
        var canonical = ConfigWriter.ToCanonicalJson(tree);
        if (json is not null) Assert.Equal($$"""{"name":{{json}}}""", canonical);
        Assert.Equal(canonical, ConfigWriter.ToCanonicalJson(ConfigFile.Parse(ConfigWriter.ToYaml(tree), "written")));
        Assert.Equal(canonical,
            ConfigWriter.ToCanonicalJson(JsonSerializer.Deserialize<ConfigMapping>(canonical, JsonFormat.Line)!));
        Assert.Equal(ConfigBinder.Bind<Open>(tree, "a").Name,
            ConfigBinder.Bind<Open>(ConfigFile.Parse(ConfigWriter.ToYaml(tree), "written"), "a").Name);
    }

    [Fact]
    public void What_is_written_reads_back_equal_and_hashes_equal()
    {
        var config = Bind("optimizer: {learning_rate: 0.1}\nsizes: [7]\nweights: {b: 1e-300, a: 2}");
        var again = Bind(ConfigWriter.ToYaml(config));
        Assert.Equal(config.Optimizer, again.Optimizer);
        Assert.Equal(ConfigWriter.ToCanonicalJson(config), ConfigWriter.ToCanonicalJson(again));
        Assert.NotEqual(ConfigWriter.ToCanonicalJson(config),
            ConfigWriter.ToCanonicalJson(config with { Tokens = 11 }));
    }
}
