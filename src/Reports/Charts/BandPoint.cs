namespace PretrainBench.Reports.Charts;

/// <summary>The lower and upper edge of a band at one place.</summary>
/// <param name="X">Along the horizontal axis.</param>
/// <param name="Low">The lower edge.</param>
/// <param name="High">The upper edge.</param>
public readonly record struct BandPoint(double X, double Low, double High);
