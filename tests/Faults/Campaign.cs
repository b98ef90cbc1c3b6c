using System.Diagnostics;
using System.Text.Json;
using PretrainBench.Core.Files;

namespace PretrainBench.Faults.Tests;

/// <summary>What a campaign did and found.</summary>
/// <param name="Faults">How often each kind struck.</param>
/// <param name="Rounds">How often the grid was trained.</param>
/// <param name="Runs">Runs trained, in all rounds.</param>
/// <param name="Problems">What must not be: other losses, given up runs, broken files, leftovers.</param>
internal sealed record CampaignReport(
    IReadOnlyDictionary<string, int> Faults, int Rounds, int Runs, IReadOnlyList<string> Problems);

/// <summary>Trains a grid of tiny runs with two launchers, again and again, while faults strike: workers killed,
/// stopped beyond the heartbeat and asked to end, launchers killed, files of every kind damaged, the disk filled, the
/// clock set. A reader looks at all published files meanwhile. In the end every run must have its one result, with the
/// bits of the undisturbed.</summary>
internal sealed class Campaign(string folder, int seed, Action<string> say)
{
    private static readonly TimeSpan MostRound = TimeSpan.FromMinutes(8);

    private static readonly string[] Settings =
        ["tuning=null", "axes.tokens_per_parameter=[20,40]", "axes.optimizer=[adamw,muon]", "axes.size=[a,b]"];

    private readonly Random _random = new(seed);
    private readonly WallClock _clock = new(folder);
    private readonly SortedDictionary<string, int> _struck = [];
    private readonly List<string> _problems = [];
    private readonly HashSet<string> _damaged = [];
    private readonly List<Process> _launchers = [];

    // Workers of killed launchers go on without them.
    private readonly HashSet<int> _orphans = [];
    private string _place = "";

    /// <summary>Strikes so many times.</summary>
    public CampaignReport Run(int faults)
    {
        var expected = Undisturbed();
        var (rounds, struck) = (0, 0);
        while (struck < faults)
        {
            _place = Path.Combine(folder, $"round{++rounds}");
            _damaged.Clear();
            using var disk = SmallDisk.At(_place);
            struck += Round(faults - struck, disk);
            Settle(expected);
            say($"round {rounds}: {struck} faults, {_problems.Count} problems");
        }
        return new CampaignReport(_struck, rounds, rounds * expected.Length, _problems);
    }

    private string[] Undisturbed()
    {
        FaultsData.Prepare(folder);
        FaultsProgram.MustRun(folder, ["grid", "launch", "grid.yaml", "--folder", "undisturbed", "--workers", "1",
            "--threads", "1", .. Settings]);
        return Losses(Path.Combine(folder, "undisturbed"));
    }

    private int Round(int most, SmallDisk disk)
    {
        var watch = Stopwatch.StartNew();
        using var over = new CancellationTokenSource();
        var reader = Task.Run(() => Poll(over.Token));
        var struck = 0;
        try
        {
            while (struck < most && watch.Elapsed < MostRound)
            {
                for (var i = _launchers.Count; i < 2; i++) Launch();
                over.Token.WaitHandle.WaitOne(_random.Next(200, 800));
                if (_launchers.RemoveAll(launcher => launcher is { HasExited: true, ExitCode: 0 }) > 0) break;
                _launchers.RemoveAll(launcher => launcher.HasExited);
                if (Strike(disk)) struck++;
            }
            foreach (var launcher in _launchers)
                if (!launcher.WaitForExit(MostRound)) _problems.Add($"{_place}: a launcher hangs");
        }
        finally
        {
            while (_orphans.Any(FaultsProgram.IsAlive) && watch.Elapsed < 2 * MostRound)
                over.Token.WaitHandle.WaitOne(100);
            over.Cancel();
            reader.Wait();
            foreach (var orphan in _orphans.Where(FaultsProgram.IsAlive))
            {
                var isEnded = FaultsProgram.Signal(orphan, FaultsProgram.Kill) == 0;
                _problems.Add($"{_place}: worker {orphan} hung" + (isEnded ? "" : ", and cannot be ended"));
            }
            _orphans.Clear();
            foreach (var launcher in _launchers.Where(launcher => !launcher.HasExited)) launcher.Kill(true);
            _launchers.Clear();
        }
        return struck;
    }

    private void Launch()
    {
        var launcher = FaultsProgram.Start(folder, _clock, ["grid", "launch", "grid.yaml", "--folder", _place,
            "--workers", "1", "--threads", "1", .. Settings]);
        launcher.OutputDataReceived += (_, _) => { };
        launcher.ErrorDataReceived += (_, _) => { };
        launcher.BeginOutputReadLine();
        launcher.BeginErrorReadLine();
        _launchers.Add(launcher);
    }

    private bool Strike(SmallDisk disk)
    {
        var workers = _launchers.SelectMany(launcher => FaultsProgram.ChildrenOf(launcher.Id)).ToList();
        var kind = _random.Next(20);
        if (kind < 9)
        {
            if (workers.Count == 0) return false;
            var worker = workers[_random.Next(workers.Count)];
            if (kind < 5) return Note("SIGKILL", FaultsProgram.Signal(worker, FaultsProgram.Kill) == 0);
            if (kind < 8) return Note("SIGTERM", FaultsProgram.Signal(worker, FaultsProgram.Terminate) == 0);
            return Note("SIGSTOP", StopFor(worker, _random.Next(2) == 0 ? 3 : 12));
        }
        if (kind == 9 && _launchers.Count > 0)
        {
            var launcher = _launchers[_random.Next(_launchers.Count)].Id;
            _orphans.UnionWith(FaultsProgram.ChildrenOf(launcher));
            return Note("launcher killed", FaultsProgram.Signal(launcher, FaultsProgram.Kill) == 0);
        }
        if (kind == 10) return Note("disk full", disk.FillFor(TimeSpan.FromSeconds(_random.Next(1, 4))));
        if (kind == 11) return Note("clock set", _clock.Set(TimeSpan.FromHours(2000 * (_random.NextDouble() - 0.5))));
        return Damage();
    }

    private static bool StopFor(int worker, int seconds)
    {
        if (FaultsProgram.Signal(worker, FaultsProgram.Stop) != 0) return false;
        Task.Delay(TimeSpan.FromSeconds(seconds))
            .ContinueWith(_ => FaultsProgram.Signal(worker, FaultsProgram.Continue));
        return true;
    }

    // Plans as well; what the launcher writes about itself and locks hold nothing.
    private bool Damage()
    {
        string[] names = ["claim.json", "heartbeat.json", "ended.json", "start.json", "result.json", "1.jsonl",
            "run_id", "state.json", "weights.safetensors", "optimizer.safetensors", "owner.json", "config.yaml",
            "grid.yaml"];
        var name = names[_random.Next(names.Length)];
        var files = Directory.Exists(_place)
            ? Directory.GetFiles(_place, name, SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList() : [];
        if (files.Count == 0) return false;
        var path = files[_random.Next(files.Count)];
        if (FileEntry.KindOf(path) != EntryKind.File) return false;
        lock (_damaged) _damaged.Add(path);
        // Without its grid file nothing starts that damage could strike.
        return FileDamage.Strike(path, _random, mayDisplace: name != "grid.yaml") is { } kind && Note(kind, true);
    }

    private bool Note(string kind, bool done)
    {
        if (done) _struck[kind] = _struck.GetValueOrDefault(kind) + 1;
        return done;
    }

    private void Poll(CancellationToken over)
    {
        do
        {
            foreach (var path in Published())
            {
                lock (_damaged) if (_damaged.Contains(path)) continue;
                try
                {
                    foreach (var text in path.EndsWith(".jsonl", StringComparison.Ordinal)
                        ? File.ReadAllLines(path) : [File.ReadAllText(path)])
                        JsonDocument.Parse(text).Dispose();
                }
                catch (JsonException e)
                {
                    lock (_damaged) if (!_damaged.Contains(path)) _problems.Add($"{path}: broken: {e.Message}");
                }
                catch (IOException)
                {
                    // Moved aside, or not there any more.
                }
            }
        }
        while (!over.WaitHandle.WaitOne(20));
    }

    private IEnumerable<string> Published()
        => !Directory.Exists(_place) ? [] : new[] { "result.json", "*.jsonl", "claim.json", "heartbeat.json" }
            .SelectMany(name => Directory.GetFiles(_place, name, new EnumerationOptions
            {
                RecurseSubdirectories = true,
                IgnoreInaccessible = true,
            })).Where(path => Path.GetFileName(path) != "metrics.jsonl");

    // What was damaged goes aside, and what is missing is trained; nothing else may be wrong.
    private void Settle(string[] expected)
    {
        var (repaired, said) = FaultsProgram.Run(folder, "grid", "verify", _place, "--repair");
        if (repaired > 1) _problems.Add($"{_place}: the repair ended with {repaired}: {said}");
        var (code, text) = FaultsProgram.Run(folder, ["grid", "launch", "grid.yaml", "--folder", _place, "--workers",
            "1", "--threads", "1", .. Settings]);
        if (code != 0) _problems.Add($"{_place}: the last launch ended with {code}: {text}");
        var losses = Losses(_place);
        if (!losses.SequenceEqual(expected))
            _problems.Add($"{_place}: {string.Join(", ", losses)} instead of {string.Join(", ", expected)}");
        var (whole, found) = FaultsProgram.Run(folder, "grid", "verify", _place);
        if (whole != 0) _problems.Add($"{_place}: verify: {found}");
        foreach (var left in Directory.EnumerateFileSystemEntries(_place, "*", SearchOption.AllDirectories))
            if (!left.Contains("/set-aside/", StringComparison.Ordinal)
                && (left.EndsWith(".tmp", StringComparison.Ordinal) || Path.GetFileName(left) == "checkpoints"))
                _problems.Add($"{left}: left behind");
    }

    private static string[] Losses(string place) =>
    [
        .. Directory.EnumerateDirectories(place).Select(run => Path.Combine(run, "result.json")).Where(File.Exists)
            .Select(path => JsonDocument.Parse(File.ReadAllText(path)).RootElement)
            .Select(result => $"{result.GetProperty("run_id")} {result.GetProperty("final_loss")}").Order(),
    ];
}
