namespace PretrainBench.Data.Tests;

public class DataPreparationTests
{
    private const int DocumentCount = 400;

    private static PrepareConfig Config(TemporaryFolder folder) => new()
    {
        Source = [folder["corpus.jsonl"]],
        VocabularySize = 350,
        ValidationFraction = 0.1,
    };

    private static DatasetManifest Prepare(
        TemporaryFolder folder, string output = "out", PrepareConfig? config = null, bool replace = false)
        => DataPreparation.Prepare(config ?? Config(folder), folder[output], replace);

    private static TemporaryFolder WithCorpus()
    {
        var folder = new TemporaryFolder();
        folder.Write("corpus.jsonl", MadeUpText.JsonLines(MadeUpText.Documents(1, DocumentCount)));
        return folder;
    }

    [Fact]
    public void Tokens_decode_to_the_documents_in_order_each_on_its_side()
    {
        using var folder = WithCorpus();
        var manifest = Prepare(folder);
        using var dataset = TokenDataset.Open(folder["out"]);
        var rule = HeldOut.Fraction(0.1);
        var sides = MadeUpText.Documents(1, DocumentCount)
            .ToLookup(text => rule.Contains(System.Text.Encoding.UTF8.GetBytes(text)));
        Assert.Equal(Expected(sides[false]), Decode(dataset, dataset.Train));
        Assert.Equal(Expected(sides[true]), Decode(dataset, dataset.Validation));
        Assert.Equal(sides[false].Count(), manifest.Train.Documents);
        Assert.Equal(sides[true].Sum(System.Text.Encoding.UTF8.GetByteCount), manifest.Validation.TextBytes);
        Assert.Equal(2, manifest.TokenBytes);
        Assert.Equal(350, manifest.VocabularySize);

        static string Expected(IEnumerable<string> texts)
            => TextTokenizer.EndOfText + string.Concat(texts.Select(text => text + TextTokenizer.EndOfText));
    }

    [Fact]
    public void The_same_inputs_are_not_prepared_twice()
    {
        using var folder = WithCorpus();
        var first = Prepare(folder);
        var stages = new HashSet<PrepareStage>();
        var written = File.GetLastWriteTimeUtc(folder["out/manifest.json"]);
        var second = DataPreparation.Prepare(
            Config(folder), folder["out"], progress: new Recorder(progress => stages.Add(progress.Stage)));
        Assert.Equal(first.Fingerprint, second.Fingerprint);
        Assert.Equal(written, File.GetLastWriteTimeUtc(folder["out/manifest.json"]));
        Assert.Equal([PrepareStage.HashSource], stages);
    }

    [Fact]
    public void The_same_inputs_give_the_same_dataset_anywhere()
    {
        using var folder = WithCorpus();
        var one = Prepare(folder, "one");
        File.Move(folder["corpus.jsonl"], folder["moved.jsonl"]);
        var two = Prepare(folder, "two", Config(folder) with { Source = [folder["moved.jsonl"]] });
        Assert.Equal((one.Identity, one.Fingerprint), (two.Identity, two.Fingerprint));
        Assert.Equal(File.ReadAllBytes(folder["one/train-00000.tokens"]),
            File.ReadAllBytes(folder["two/train-00000.tokens"]));
    }

    [Fact]
    public void Another_dataset_is_replaced_only_when_asked_for()
    {
        using var folder = WithCorpus();
        Prepare(folder);
        var other = Config(folder) with { VocabularySize = 300 };
        Assert.Contains("made from other inputs",
            Assert.Throws<UserException>(() => Prepare(folder, config: other)).Message, StringComparison.Ordinal);
        Assert.Equal(350, DatasetManifest.Read(folder["out"]).VocabularySize);
        Assert.Equal(300, Prepare(folder, config: other, replace: true).VocabularySize);
        Assert.Equal(300, DatasetManifest.Read(folder["out"]).VocabularySize);
        AssertOnly(folder, "corpus.jsonl", "out");
    }

    [Fact]
    public void A_folder_with_something_else_is_left_alone()
    {
        using var folder = WithCorpus();
        folder.Write("out/precious.txt", "mine");
        Assert.Contains("no dataset",
            Assert.Throws<UserException>(() => Prepare(folder, replace: true)).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["out/precious.txt"]));
    }

    [Fact]
    public void A_damaged_shard_is_refused_and_made_again_by_preparing_again()
    {
        using var folder = WithCorpus();
        var manifest = Prepare(folder);
        var path = folder["out/train-00000.tokens"];
        var bytes = File.ReadAllBytes(path);
        bytes[100] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("checksum", Assert.Throws<UserException>(() => TokenDataset.Open(folder["out"])).Message,
            StringComparison.Ordinal);
        File.WriteAllBytes(path, bytes[..^2]);
        Assert.Contains("bytes and should have",
            Assert.Throws<UserException>(() => TokenDataset.Open(folder["out"], verify: false)).Message,
            StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains("cannot be read", Assert.Throws<UserException>(() => TokenDataset.Open(folder["out"])).Message,
            StringComparison.Ordinal);
        Assert.Equal(manifest.Fingerprint, Prepare(folder).Fingerprint);
        using var dataset = TokenDataset.Open(folder["out"]);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"format\":\"another\"}")]
    public void A_foreign_manifest_is_refused(string manifest)
    {
        using var folder = new TemporaryFolder();
        folder.Write("out/manifest.json", manifest);
        Assert.Contains("manifest", Assert.Throws<UserException>(() => TokenDataset.Open(folder["out"])).Message,
            StringComparison.Ordinal);
        Assert.Contains("no prepared dataset",
            Assert.Throws<UserException>(() => TokenDataset.Open(folder["none"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_halfway_leaves_nothing_behind()
    {
        using var folder = WithCorpus();
        File.AppendAllText(folder["corpus.jsonl"], "broken\n");
        Assert.Contains($"corpus.jsonl:{DocumentCount + 1}",
            Assert.Throws<UserException>(() => Prepare(folder)).Message, StringComparison.Ordinal);
        AssertOnly(folder, "corpus.jsonl");
    }

    [Fact]
    public void Cancelling_leaves_nothing_but_what_the_next_goes_on_from()
    {
        using var folder = WithCorpus();
        using var cancellation = new CancellationTokenSource();
        var progress = new Recorder(progress =>
        {
            if (progress.Stage == PrepareStage.LearnMerges) cancellation.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(
            () => DataPreparation.Prepare(Config(folder), folder["out"], false, progress, cancellation.Token));
        AssertOnly(folder, ".out.unfinished", "corpus.jsonl");
        Prepare(folder);
        AssertOnly(folder, "corpus.jsonl", "out");
    }

    [Fact]
    public void What_a_killed_process_left_is_cleared_away()
    {
        using var folder = WithCorpus();
        folder.Write(".out.preparing/train-00000.tokens", "half");
        Prepare(folder);
        AssertOnly(folder, "corpus.jsonl", "out");
    }

    [Fact]
    public void Two_processes_do_not_prepare_the_same_folder_at_once()
    {
        using var folder = WithCorpus();
        using (DatasetPlace.Claim(folder["out"]))
            Assert.Contains("another process",
                Assert.Throws<UserException>(() => Prepare(folder)).Message, StringComparison.Ordinal);
        Prepare(folder);
    }

    [Fact]
    public void Validation_files_can_be_named_or_recognised()
    {
        using var folder = new TemporaryFolder();
        folder.Write("corpus/train.jsonl", MadeUpText.JsonLines(MadeUpText.Documents(1, 50)));
        folder.Write("corpus/val.jsonl", MadeUpText.JsonLines(MadeUpText.Documents(2, 7)));
        var recognised = Prepare(folder, "one", new() { Source = [folder["corpus"]], VocabularySize = 300 });
        var named = Prepare(folder, "two", new()
        {
            Source = [folder["corpus/train.jsonl"]],
            Validation = [folder["corpus/val.jsonl"]],
            VocabularySize = 300,
        });
        Assert.Equal((50, 7), (recognised.Train.Documents, recognised.Validation.Documents));
        Assert.Equal(recognised.Fingerprint, named.Fingerprint);
    }

    [Fact]
    public void A_tokenizer_that_is_there_is_used()
    {
        using var folder = WithCorpus();
        var first = Prepare(folder, "one");
        var second = Prepare(
            folder, "two", Config(folder) with { VocabularySize = null, Tokenizer = folder["one/tokenizer"] });
        Assert.Equal(first.TokenizerHash, second.TokenizerHash);
        Assert.Equal(first.Fingerprint, second.Fingerprint);
        Assert.NotEqual(first.Identity, second.Identity);
    }

    [Theory]
    [InlineData("", "it holds no text")]
    [InlineData("{\"text\":\"only one\"}\n", "a single document")]
    public void A_corpus_with_too_little_is_an_error(string lines, string problem)
    {
        using var folder = WithCorpus();
        Prepare(folder, "other");
        folder.Write("corpus.jsonl", lines);
        var config = Config(folder) with { VocabularySize = null, Tokenizer = folder["other/tokenizer"] };
        Assert.Contains(problem, Assert.Throws<UserException>(() => Prepare(folder, config: config)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_an_error()
    {
        using var folder = WithCorpus();
        folder.Write("file", "in the way");
        Assert.Throws<UserException>(() => Prepare(folder, "file/out"));
    }

    private static string Decode(TokenDataset dataset, TokenSplit split)
    {
        var tokens = new int[split.TokenCount];
        split.Read(0, tokens);
        return dataset.LoadTokenizer().Decode(tokens);
    }

    private static void AssertOnly(TemporaryFolder folder, params string[] names)
        => Assert.Equal(names.Order(),
            Directory.GetFileSystemEntries(folder.Path).Select(path => Path.GetFileName(path)!).Order());

    private sealed class Recorder(Action<PrepareProgress> action) : IProgress<PrepareProgress>
    {
        public void Report(PrepareProgress value) => action(value);
    }
}
