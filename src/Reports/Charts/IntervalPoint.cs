namespace PretrainBench.Reports.Charts;

/// <summary>A value with its interval.</summary>
/// <param name="Position">Where it stands on the other axis.</param>
/// <param name="Value">The value.</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end of the interval.</param>
/// <param name="Label">What a pointer that rests on the point is told; nothing when null.</param>
public readonly record struct IntervalPoint(double Position, double Value, double Low, double High, string? Label = null);
