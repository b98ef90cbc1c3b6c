using System.Text;
using PretrainBench.Core;

namespace PretrainBench.Cli.Shell;

/// <summary>Passes text on without control characters, see <see cref="PlainText"/>.</summary>
internal sealed class PlainWriter(TextWriter writer) : TextWriter
{
    public override Encoding Encoding => writer.Encoding;

    public override void Write(char value) => writer.Write(PlainText.Of($"{value}"));

    public override void Write(string? value) => writer.Write(PlainText.Of(value ?? ""));

    public override void WriteLine(string? value) => writer.WriteLine(PlainText.Of(value ?? ""));

    public override void Flush() => writer.Flush();
}
