using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PretrainBench.Faults.Tests;

/// <summary>The built executable as users start it, and signals to processes that were started here.</summary>
internal static class FaultsProgram
{
    public const int Kill = 9, Terminate = 15, Continue = 18, Stop = 19;

    // Short enough that a stopped worker is taken over within a test.
    private const string TimeToLive = "6";

    private static readonly string Executable = Path.Combine(AppContext.BaseDirectory, "pretrainbench");

    public static Process Start(string folder, params IEnumerable<string> arguments) => Start(folder, null, arguments);

    /// <summary>Starts the program under a clock; the machine's when null.</summary>
    public static Process Start(string folder, WallClock? clock, params IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(Executable, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        info.Environment["OMP_NUM_THREADS"] = "1";
        info.Environment["PRETRAINBENCH_TIME_TO_LIVE"] = TimeToLive;
        clock?.Rule(info);
        var process = Process.Start(info)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Whether a process is there, stopped or not.</summary>
    public static bool IsAlive(int process) => Status(process) is not (null or "Z" or "X");

    /// <summary>Runs the program to its end.</summary>
    public static (int Code, string Text) Run(string folder, params IEnumerable<string> arguments)
    {
        using var process = Start(folder, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    /// <summary>Runs the program, which must end well.</summary>
    public static string MustRun(string folder, params IEnumerable<string> arguments)
    {
        var (code, text) = Run(folder, arguments);
        return code == 0 ? text : throw new InvalidOperationException(
            $"{string.Join(' ', arguments)} ended with {code}: {text}");
    }

    /// <summary>The processes that a process started and that still run.</summary>
    public static IReadOnlyList<int> ChildrenOf(int parent)
        => [.. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var process) ? process : 0)
            .Where(process => process > 0 && Fields(process) is [not ("Z" or "X"), var of, ..]
                && int.Parse(of) == parent)];

    private static string? Status(int process) => Fields(process)?[0];

    // What stands behind the program's name, which may hold anything; null where there is no such process.
    private static string[]? Fields(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    public static extern int Signal(int process, int signal);
}
