using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace PretrainBench.Cli.Shell;

/// <summary>Writes log events by a template, without control characters.</summary>
internal sealed class PlainFormatter(string template) : ITextFormatter
{
    private readonly MessageTemplateTextFormatter _formatter = new(template);

    public void Format(LogEvent logEvent, TextWriter output) => _formatter.Format(logEvent, new PlainWriter(output));
}
