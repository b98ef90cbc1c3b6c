namespace PretrainBench.Data.Tests;

public sealed class ResumedPreparationTests : IDisposable
{
    private const int FileCount = 12;
    private readonly TemporaryFolder _folder = new();

    public ResumedPreparationTests()
    {
        for (var i = 0; i < FileCount; i++)
            _folder.Write($"corpus/{i:00}.jsonl", MadeUpText.JsonLines(MadeUpText.Documents(i, 40)));
        // A file apart, so that both ways of holding out are gone through.
        _folder.Write("val.jsonl", MadeUpText.JsonLines(MadeUpText.Documents(100, 20)));
    }

    public void Dispose() => _folder.Dispose();

    private PrepareConfig Config => new()
    {
        Source = [_folder["corpus"]],
        Validation = [_folder["val.jsonl"]],
        VocabularySize = 320,
    };

    [Fact]
    public void A_stopped_preparation_goes_on_from_the_files_that_are_done()
    {
        var whole = DataPreparation.Prepare(Config, _folder["whole"]);
        StopHalfway();
        var done = Parts();
        Assert.Equal(FileCount + 1 - 3, done.Length);
        Assert.False(Directory.Exists(_folder["out"]));
        var progress = new List<PrepareProgress>();
        var resumed = DataPreparation.Prepare(Config, _folder["out"], progress: new Recorder(progress.Add));
        Assert.DoesNotContain(progress, report => report.Stage is PrepareStage.CountPieces or PrepareStage.LearnMerges);
        var sizes = Directory.GetFiles(_folder["corpus"]).Order().Append(_folder["val.jsonl"])
            .Select(path => new FileInfo(path).Length).ToArray();
        Assert.Equal(done.Sum(index => sizes[index]),
            progress.First(report => report.Stage == PrepareStage.Encode).Done);
        Assert.Equal(whole.Fingerprint, resumed.Fingerprint);
        foreach (var file in Directory.GetFiles(_folder["whole"], "*", SearchOption.AllDirectories))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(file.Replace(_folder["whole"], _folder["out"])));
        Assert.Equal(["corpus", "out", "val.jsonl", "whole"],
            Directory.GetFileSystemEntries(_folder.Path).Select(path => Path.GetFileName(path)).Order());
    }

    [Fact]
    public void What_was_done_of_other_inputs_is_not_used()
    {
        StopHalfway();
        File.AppendAllText(_folder["corpus/00.jsonl"], "{\"text\":\"one more\"}\n");
        Assert.Equal(DataPreparation.Prepare(Config, _folder["whole"]).Fingerprint,
            DataPreparation.Prepare(Config, _folder["out"]).Fingerprint);
        Assert.False(Directory.Exists(_folder[".out.unfinished"]));
    }

    [Fact]
    public void A_bad_line_stops_all_and_costs_no_file_that_is_done()
    {
        var whole = DataPreparation.Prepare(Config, _folder["whole"]);
        var config = Config with { VocabularySize = null, Tokenizer = _folder["whole/tokenizer"] };
        var good = File.ReadAllText(_folder["corpus/11.jsonl"]);
        _folder.Write("corpus/11.jsonl", "broken\n");
        Assert.Contains("11.jsonl:1: not valid JSON",
            Assert.Throws<UserException>(() => DataPreparation.Prepare(config, _folder["out"])).Message,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
        Assert.DoesNotContain(11, Parts());
        _folder.Write("corpus/11.jsonl", good);
        Assert.Equal(whole.Fingerprint, DataPreparation.Prepare(config, _folder["out"]).Fingerprint);
    }

    private int[] Parts()
        => [.. Directory.GetFiles(_folder[".out.unfinished"], "*.part", SearchOption.AllDirectories)
            .Select(path => int.Parse(Path.GetFileNameWithoutExtension(path))).Order()];

    // As a process leaves it that was killed while files 3, 7 and 12 were on their way.
    private void StopHalfway()
    {
        using var cancellation = new CancellationTokenSource();
        var progress = new Recorder(report =>
        {
            if (report.Stage == PrepareStage.Encode && report.Done == report.Total) cancellation.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(
            () => DataPreparation.Prepare(Config, _folder["out"], false, progress, cancellation.Token));
        var folder = Directory.GetDirectories(_folder[".out.unfinished"]).Single();
        foreach (var index in new[] { 3, 7, 12 }) File.Delete($"{folder}/{index:D6}.part");
        File.WriteAllText($"{folder}/.000003.part.tmp", "half");
    }

    private sealed class Recorder(Action<PrepareProgress> action) : IProgress<PrepareProgress>
    {
        public void Report(PrepareProgress value) => action(value);
    }
}
