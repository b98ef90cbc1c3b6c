using System.Diagnostics;
using Spectre.Console;

namespace PretrainBench.Cli.Shell;

/// <summary>How far something is.</summary>
/// <param name="Done">Done so far, in any unit.</param>
/// <param name="Total">All there is, in the same unit; 0 when unknown.</param>
/// <param name="Text">What a person wants to know besides: counts, rate, time left.</param>
internal readonly record struct ProgressUpdate(double Done, double Total, string Text);

/// <summary>Shows progress on standard error: a bar on a terminal, a plain line now and then elsewhere.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);

    /// <summary>Runs work that reports its progress.</summary>
    /// <typeparam name="T">What the work returns.</typeparam>
    /// <param name="title">A few words in front of the bar.</param>
    /// <param name="work">The work; reports from any thread.</param>
    public static T Run<T>(string title, Func<Action<ProgressUpdate>, T> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return Console.IsErrorRedirected || !console.Profile.Capabilities.Interactive
            ? work(PlainLines(title, Console.Error))
            : WithBar(console, title, work);
    }

    /// <summary>A reporter that prints a line at the start, at the end, and every ten seconds.</summary>
    /// <param name="title">A few words at the beginning of each line.</param>
    /// <param name="output">Where the lines go.</param>
    internal static Action<ProgressUpdate> PlainLines(string title, TextWriter output)
    {
        var gate = new Lock();
        var since = Stopwatch.StartNew();
        var lastText = "";
        var first = true;
        return update =>
        {
            lock (gate)
            {
                var finished = update.Total > 0 && update.Done >= update.Total;
                var due = first || finished || since.Elapsed >= PlainInterval;
                if (!due || update.Text == lastText) return;
                first = false;
                lastText = update.Text;
                since.Restart();
                output.WriteLine(Line(title, update));
            }
        };
    }

    private static string Line(string title, ProgressUpdate update)
        => update.Total > 0
            ? $"{title}: {Math.Floor(100 * update.Done / update.Total):F0} %, {update.Text}"
            : $"{title}: {update.Text}";

    private static T WithBar<T>(IAnsiConsole console, string title, Func<Action<ProgressUpdate>, T> work)
        => console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 },
                new PercentageColumn())
            .Start(scope =>
            {
                var task = scope.AddTask(Markup.Escape(title));
                return work(update =>
                {
                    task.IsIndeterminate = update.Total <= 0;
                    if (update.Total > 0)
                    {
                        task.MaxValue = update.Total;
                        task.Value = Math.Min(update.Done, update.Total);
                    }
                    task.Description = Markup.Escape($"{title} {update.Text}");
                });
            });
}
