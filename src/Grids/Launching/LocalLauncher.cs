using System.Text.Json;
using PretrainBench.Core;
using PretrainBench.Core.Files;

namespace PretrainBench.Grids.Launching;

/// <summary>Workers on this machine, watched until the grid is done.</summary>
[Launcher(GridLaunchers.Default)]
public sealed class LocalLauncher : IGridLauncher
{
    /// <summary>Tells a worker that its standard input is the launcher's, and closes with it.</summary>
    public const string WatchVariable = "PRETRAINBENCH_LAUNCHED";

    private const string RecordName = "local.json";
    private const int MostBytes = 1 << 16;

    private readonly LaunchConfig _config;

    public LocalLauncher(LaunchConfig config) => _config = config;

    internal LocalLauncher(LaunchRequest request)
    {
        if (request.IsDry) throw new UserException("`--dry-run`: nothing is submitted on this machine; `grid plan` "
            + "shows what a launch would train");
        if (request.Passed is [var first, ..])
            throw new UserException($"`-- {first}`: there is no scheduler to pass it to; choose one with `--on`");
        request.RequireNoContainer();
        _config = LaunchConfig.From(request.Workers, request.Threads, Environment.ProcessorCount,
            request.Grid is { } grid ? DeviceList.Of(request.Devices, grid) : null, request.WorkersPerDevice);
    }

    public LaunchConfig? Here => _config;

    /// <summary>Runs the workers until every run has settled, or until told to stop.</summary>
    public LaunchReport Submit(GridFolder folder, LaunchWatch watch)
    {
        var record = new SubmissionFolder(folder).Add(RecordName,
            _ => JsonSerializer.Serialize(ProcessIdentity.Current, JsonFormat.Line));
        try
        {
            return new(new LocalWorkers(folder, _config, watch.OnLine).Run(watch.OnStatus, watch.Stop));
        }
        finally
        {
            QuietDeletion.OfFolder(Path.GetDirectoryName(record)!);
        }
    }

    /// <summary>The launchers of the grid that live on this machine.</summary>
    public IReadOnlyList<string> List(GridFolder folder)
        => [.. Launchers(folder).Select(launcher => $"process {launcher.ProcessId}")];

    public IReadOnlyList<string> Cancel(GridFolder folder)
        => [.. Launchers(folder)
            .Where(launcher => ExternalTool.Run("kill", "-TERM", $"{launcher.ProcessId}") is { ExitCode: 0 })
            .Select(launcher => $"process {launcher.ProcessId}")];

    private static IEnumerable<ProcessIdentity> Launchers(GridFolder folder)
        => new SubmissionFolder(folder).Files(RecordName).Select(Read).OfType<ProcessIdentity>()
            .Where(launcher => launcher.HasEnded == false).ToList();

    private static ProcessIdentity? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ProcessIdentity>(PlainFile.ReadText(path, MostBytes), JsonFormat.Line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or UserException)
        {
            return null;
        }
    }
}
