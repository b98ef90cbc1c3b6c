using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using PretrainBench.Tests;

// Whoever trains in several processes has the machine's cores to itself.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace PretrainBench.Faults.Tests;

/// <summary>A test on a real Slurm; skipped, with the reason, where there is none.</summary>
internal sealed class SlurmFactAttribute : FactAttribute
{
    public SlurmFactAttribute()
    {
        var missing = new[] { "munged", "slurmctld", "slurmd", "sbatch" }.Where(name => !IsThere(name)).ToList();
        if (missing.Count > 0)
            Skip = $"no Slurm here: {string.Join(", ", missing)} (as root: apt-get install slurm-wlm munge)";
    }

    private static bool IsThere(string name)
        => $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin".Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, name)));
}

/// <summary>A Slurm of two nodes with two GPUs each, all on this machine and all pretended: scripts/slurm.</summary>
internal sealed partial class SlurmCluster : IDisposable
{
    private readonly string _folder;

    public SlurmCluster(string folder)
    {
        _folder = folder;
        Up();
        Environment.SetEnvironmentVariable("SLURM_CONF", Path.Combine(folder, "etc", "slurm.conf"));
        Nodes = [.. Run("sinfo", "--noheader", "--Node", "--partition=test", "--format=%N").Split('\n')
            .Where(node => node.Length > 0).Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Nodes { get; }

    private static readonly int Port = FreePort();

    /// <summary>Starts what does not run; nodes whose slurmd was killed come back.</summary>
    public void Up() => Script("up.sh", ("PORT", $"{Port}"), ("CPUS", "4"));

    public void Dispose() => Script("down.sh");

    /// <summary>Kills a node's slurmd alone; what it started goes on.</summary>
    public void KillDaemon(string node)
    {
        var file = Path.Combine(_folder, "run", $"slurmd-{node}.pid");
        Assert.Equal(0, FaultsProgram.Signal(int.Parse(File.ReadAllText(file)), FaultsProgram.Kill));
    }

    /// <summary>The jobs that are queued or running: name, state and node.</summary>
    public static IReadOnlyList<(string Job, string State, string Node)> Jobs(string partition = "test")
        => [.. Run("squeue", "--noheader", "--array", $"--partition={partition}", "--format=%F_%K|%T|%N").Split('\n')
            .Select(line => line.Split('|')).Where(line => line.Length == 3)
            .Select(line => (line[0], line[1], line[2]))];

    /// <summary>How often Slurm has started a job anew.</summary>
    public static int Restarts(string job)
        => int.Parse(RestartCount().Match(Run("scontrol", "show", "job", job)).Groups[1].Value);

    public static string Run(string name, params IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(name, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(
            $"{name} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error.Result}{output}");
    }

    // Daemons keep what they are given as their output: a pipe would never end.
    private void Script(string name, params (string Name, string Value)[] environment)
    {
        var info = new ProcessStartInfo("/bin/bash",
            ["-c", $"exec '{Path.Combine(Scripts(), name)}' '{_folder}' >'{_folder}.log' 2>&1"]);
        foreach (var (key, value) in environment) info.Environment[key] = value;
        using var process = Process.Start(info)!;
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{name}: {File.ReadAllText($"{_folder}.log")}");
    }

    [GeneratedRegex(@"Restarts=(\d+)")]
    private static partial Regex RestartCount();

    private static string Scripts() => Path.Combine(Repository.Root, "scripts", "slurm");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
