namespace PretrainBench.Data;

/// <summary>One text that is learned or held out as a whole.</summary>
/// <param name="Text">The text; never empty.</param>
/// <param name="Origin">Where it stands, as shown in errors: file and line, row or member.</param>
public readonly record struct Document(string Text, string Origin);
