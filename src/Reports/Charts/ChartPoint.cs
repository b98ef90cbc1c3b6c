namespace PretrainBench.Reports.Charts;

/// <summary>A point of a chart.</summary>
/// <param name="X">Along the horizontal axis.</param>
/// <param name="Y">Along the vertical axis.</param>
/// <param name="Label">What a pointer that rests on the point is told; nothing when null.</param>
public readonly record struct ChartPoint(double X, double Y, string? Label = null);
