using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Core.Files;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Verifying;

namespace PretrainBench.Grids.Planning;

/// <summary>A plan's copy of its grid file, which later edits of the file do not change.</summary>
/// <param name="planFolder">The plan's folder, named by the grid's identity.</param>
internal sealed class FrozenGrid(string planFolder)
{
    private const string Name = "grid.yaml";

    /// <summary>Where it is.</summary>
    public string Path => System.IO.Path.Combine(planFolder, Name);

    /// <exception cref="UserException">It is damaged.</exception>
    public GridFile Read()
    {
        try
        {
            return GridFile.From(ConfigFile.Read(Path), planFolder, Path);
        }
        catch (UserException e) when (!Disturbance.Is(e))
        {
            throw new UserException($"{e.Message}\nThis is the plan's copy of its grid file; `pretrainbench grid "
                + "launch GRID.yaml` with the grid's file sets it aside and writes it anew", inner: e);
        }
    }

    /// <summary>Writes it, unless it stands there; a copy that is no longer that of the grid goes aside.</summary>
    /// <param name="root">The grid's folder.</param>
    public void Write(GridFile grid, string root)
    {
        if (AtomicFile.TryPublishText(Path, grid.ToYaml()) || IsOf(grid)) return;
        var aside = new SetAsideFolder(root, repair: true);
        aside.Move(Path, "the plan's copy of its grid file was damaged or changed", "it is written anew");
        foreach (var finding in aside.Findings) Serilog.Log.Warning("{Finding}", finding.ToString());
        AtomicFile.TryPublishText(Path, grid.ToYaml());
    }

    private bool IsOf(GridFile grid)
    {
        try
        {
            return Read().Id == grid.Id;
        }
        catch (UserException e) when (!Disturbance.Is(e))
        {
            return false;
        }
    }
}
