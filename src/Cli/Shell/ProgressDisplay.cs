using System.Diagnostics;
using PretrainBench.Core;
using Spectre.Console;

namespace PretrainBench.Cli.Shell;

/// <summary>How far something is.</summary>
/// <param name="Done">Done so far, in any unit.</param>
/// <param name="Total">All there is, in the same unit; 0 when unknown.</param>
/// <param name="Text">What a person wants to know besides: counts, rate, time left.</param>
/// <param name="Below">Lines for beneath the bar, most important first; a terminal shows as many as it has room
/// for.</param>
internal readonly record struct ProgressUpdate(
    double Done, double Total, string Text, IReadOnlyList<string>? Below = null);

/// <summary>Where work shows its progress.</summary>
/// <param name="IsTerminal">Whether what is shown is shown anew all the time.</param>
/// <param name="Report">Shows how far it is; from any thread.</param>
/// <param name="Say">Shows a line that stays; from any thread.</param>
internal sealed record ProgressScreen(bool IsTerminal, Action<ProgressUpdate> Report, Action<string> Say);

/// <summary>Shows progress on standard error: a bar on a terminal, a plain line now and then elsewhere.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(10), MostInterval = TimeSpan.FromMinutes(5);

    // A day's work in some hundred lines.
    private const double ShareOfElapsed = 0.05;

    // The bar, the lines around it, and the prompt.
    private const int OtherRows = 5;

    /// <summary>Runs work that reports its progress.</summary>
    /// <typeparam name="T">What the work returns.</typeparam>
    /// <param name="title">A few words in front of the bar.</param>
    public static T Run<T>(string title, Func<ProgressScreen, T> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return Console.IsErrorRedirected || !console.Profile.Capabilities.Interactive
            ? work(PlainLines(title, Console.Error))
            : WithBar(console, title, work);
    }

    /// <summary>A screen of plain lines: progress at the start, at the end, and in between ever less often, from every
    /// ten seconds to every five minutes.</summary>
    /// <param name="title">A few words at the beginning of each line of progress.</param>
    /// <param name="output">Where the lines go.</param>
    internal static ProgressScreen PlainLines(string title, TextWriter output)
    {
        var gate = new Lock();
        var begun = Stopwatch.StartNew();
        var since = Stopwatch.StartNew();
        var lastText = "";
        var first = true;
        return new(false, update =>
        {
            lock (gate)
            {
                var finished = update.Total > 0 && update.Done >= update.Total;
                var interval = begun.Elapsed * ShareOfElapsed;
                interval = interval < LeastInterval ? LeastInterval : interval > MostInterval ? MostInterval : interval;
                var due = first || finished || since.Elapsed >= interval;
                if (!due || update.Text == lastText) return;
                first = false;
                lastText = update.Text;
                since.Restart();
                output.WriteLine(Line(title, update));
            }
        }, line =>
        {
            lock (gate) output.WriteLine(PlainText.Of(line));
        });
    }

    private static string Line(string title, ProgressUpdate update)
        => update.Total > 0
            ? $"{title}: {Math.Floor(100 * update.Done / update.Total):F0} %, {update.Text}"
            : $"{title}: {update.Text}";

    internal static T WithBar<T>(IAnsiConsole console, string title, Func<ProgressScreen, T> work)
    {
        IReadOnlyList<string> below = [];
        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 },
                new PercentageColumn())
            .UseRenderHook((bar, _) => new Rows([bar, .. Fitting(below, console).Select(line => new Text(line))]))
            .Start(scope =>
            {
                var task = scope.AddTask(Markup.Escape(title));
                return work(new(true, update =>
                {
                    task.IsIndeterminate = update.Total <= 0;
                    if (update.Total > 0)
                    {
                        task.MaxValue = update.Total;
                        task.Value = Math.Min(update.Done, update.Total);
                    }
                    task.Description = Markup.Escape($"{title} {update.Text}");
                    below = update.Below ?? [];
                }, line => console.Write(new Text(PlainText.Of(line) + "\n"))));
            });
    }

    private static IEnumerable<string> Fitting(IReadOnlyList<string> lines, IAnsiConsole console)
    {
        var (width, rows) = (console.Profile.Width, Math.Max(1, console.Profile.Height - OtherRows));
        var shown = lines.Count <= rows ? lines : [.. lines.Take(rows - 1), $"… and {lines.Count - rows + 1} more"];
        return shown.Select(PlainText.Of).Select(line => line.Length < width ? line : line[..(width - 2)] + "…");
    }
}
