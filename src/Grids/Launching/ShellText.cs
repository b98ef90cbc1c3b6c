namespace PretrainBench.Grids.Launching;

/// <summary>Text within shell scripts.</summary>
internal static class ShellText
{
    /// <summary>A text as one word, whatever it holds.</summary>
    public static string Word(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
