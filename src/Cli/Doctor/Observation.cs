namespace PretrainBench.Cli.Doctor;

/// <summary>One line of the examination.</summary>
/// <param name="Key">The name in JSON.</param>
/// <param name="Label">The name for people.</param>
/// <param name="Value">The value in JSON.</param>
/// <param name="Text">The value for people.</param>
/// <param name="Problem">What to do, when something needs doing; else null.</param>
internal sealed record Observation(string Key, string Label, object Value, string Text, string? Problem = null);
