using System.Numerics;

namespace PretrainBench.Analysis.Solvers;

/// <summary>The powers of all points at a logarithmic grid of exponents, computed once: they depend on neither weights
/// nor losses, so every bootstrap and every held-out fit on the same points reuses them.</summary>
internal sealed class ExponentGrid
{
    /// <summary>Smallest exponent of the grid.</summary>
    public const double Lowest = 0.02;

    /// <summary>Largest exponent of the grid.</summary>
    public const double Highest = 2.0;

    /// <summary>Exponents along each axis.</summary>
    public const int Size = 20;

    /// <summary>Lays out the powers of these points.</summary>
    public ExponentGrid(FitData data)
    {
        Powers1 = [.. Exponents.Select(exponent => Powers(data.X1, exponent))];
        Powers2 = data.HasSecond
            ? [.. Exponents.Select(exponent => Powers(data.X2, exponent))]
            : [new double[data.X2.Length]];
    }

    public static double[] Exponents { get; } =
        [.. Enumerable.Range(0, Size).Select(i => Lowest * Math.Pow(Highest / Lowest, i / (Size - 1.0)))];

    /// <summary>exp(−alpha x1) for each alpha of the grid.</summary>
    public double[][] Powers1 { get; }

    /// <summary>exp(−beta x2) for each beta of the grid; a single row of zeros for laws in one variable.</summary>
    public double[][] Powers2 { get; }

    /// <summary>exp(−exponent x), vector by vector.</summary>
    public static void Powers(double[] x, double exponent, double[] into)
    {
        var minus = new Vector<double>(-exponent);
        for (var i = 0; i < x.Length; i += Vector<double>.Count)
            Vector.Exp(minus * new Vector<double>(x, i)).CopyTo(into, i);
    }

    private static double[] Powers(double[] x, double exponent)
    {
        var powers = new double[x.Length];
        Powers(x, exponent, powers);
        return powers;
    }
}
