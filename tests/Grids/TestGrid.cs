using PretrainBench.Core.Configuration;
using PretrainBench.Core.Files;
using PretrainBench.Data;
using PretrainBench.Grids.Configuration;

namespace PretrainBench.Grids.Tests;

/// <summary>A folder with a small prepared data set, and grids on it whose runs take about a second.</summary>
public sealed class TestGrid : IDisposable
{
    /// <summary>The size `t`, small enough for a run of a second.</summary>
    public const string TinySize = "\nsizes: {t: {layers: 1, width: 16, heads: 1, feed_forward_width: 32}}";

    /// <summary>Two runs that differ in their seed.</summary>
    public const string TwoRuns
        = "axes: {optimizer: [adamw], size: [t], tokens_per_parameter: [1], seed: [0, 1]}" + TinySize;

    private readonly string _root = Directory.CreateTempSubdirectory("pretrainbench-grid-").FullName;
    private int _folders;

    public TestGrid()
    {
        var text = Path.Combine(_root, "text");
        Directory.CreateDirectory(text);
        for (var i = 0; i < 40; i++)
            File.WriteAllText(Path.Combine(text, $"{i}.txt"),
                string.Concat(Enumerable.Repeat($"document {i} speaks of {i * 7 % 13} things. ", 20)));
        Data = Path.Combine(_root, "data");
        DataPreparation.Prepare(
            new() { Source = [text], VocabularySize = 300, ValidationFraction = 0.2 }, Data);
    }

    /// <summary>The data set's folder.</summary>
    public string Data { get; }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>A grid on the data.</summary>
    /// <param name="axes">Its axes and tuning, as YAML.</param>
    /// <param name="more">Further keys of its base.</param>
    public GridFile Grid(string axes, string more = "") => GridFile.From(ConfigFile.Parse($$$"""
        name: g
        base: {data: {folder: '{{{Data}}}'}, batch: {sequence_length: 32, sequences_per_step: 4}{{{more}}}}
        {{{axes}}}
        """, "g.yaml"), _root, "g.yaml");

    /// <summary>Puts something empty in a place where nothing stands.</summary>
    public static void Make(string path, EntryKind kind)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (kind == EntryKind.File) File.WriteAllText(path, "");
        else if (kind == EntryKind.Folder) Directory.CreateDirectory(path);
        else if (kind == EntryKind.Link) File.CreateSymbolicLink(path, Path.GetTempPath());
        else
        {
            using var pipe = System.Diagnostics.Process.Start("mkfifo", path);
            pipe.WaitForExit();
        }
        Assert.Equal(kind, FileEntry.KindOf(path));
    }

    /// <summary>A folder of its own with a grid in use.</summary>
    public GridFolder Folder(string axes, string more = "")
    {
        var folder = new GridFolder(Path.Combine(_root, $"runs{Interlocked.Increment(ref _folders)}"));
        folder.Use(Grid(axes, more));
        return folder;
    }
}
