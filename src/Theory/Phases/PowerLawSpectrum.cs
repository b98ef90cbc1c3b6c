using System.Numerics;
using MathNet.Numerics.Integration;

namespace PretrainBench.Theory.Phases;

/// <summary>Sums over the spectrum λ_j = j^−2α and target weights c_j = j^−2(α+β), j = 1..v, for real v up to 1e11: the
/// first 128 terms one by one, the rest as an integral over log j (Gauss–Legendre, eight nodes on panels of at most
/// .5). The integral runs from J + ½ to v + ½ (midpoint rule); its error is below 1e-4 of the tail that it stands
/// for.</summary>
internal sealed class PowerLawSpectrum
{
    private const int DirectTerms = 128;
    private const double PanelWidth = 0.5;

    private static readonly GaussLegendreRule Rule = new(-1, 1, 8);

    private readonly double[] _eigenvalues;
    private readonly double[] _counts;
    private readonly double[] _targets;

    public PowerLawSpectrum(PowerLawPoint point, double features)
    {
        var direct = (int)Math.Min(DirectTerms, Math.Floor(features));
        var positions = new List<double>();
        var counts = new List<double>();
        for (var j = 1; j <= direct; j++)
        {
            positions.Add(j);
            counts.Add(1);
        }
        AddIntegral(direct + 0.5, features + 0.5, positions, counts);
        _eigenvalues = [.. positions.Select(j => Math.Pow(j, -2 * point.Alpha))];
        _counts = [.. counts];
        _targets = [.. positions.Zip(counts, (j, count) => count * Math.Pow(j, -2 * (point.Alpha + point.Beta)))];
        TraceOfCovariance = Sum(eigenvalue => eigenvalue);
    }

    /// <summary>Σ λ_j.</summary>
    public double TraceOfCovariance { get; }

    /// <summary>Σ_j term(λ_j).</summary>
    public double Sum(Func<double, double> term)
    {
        double sum = 0;
        for (var i = _eigenvalues.Length - 1; i >= 0; i--) sum += _counts[i] * term(_eigenvalues[i]);
        return sum;
    }

    /// <summary>(Σ λ/(1+λs), Σ λ/(1+λs)²): value and derivative of what Silverstein's equation needs.</summary>
    public (Complex First, Complex Second) ResolventSums(Complex s)
    {
        double x = s.Real, y = s.Imaginary, re1 = 0, im1 = 0, re2 = 0, im2 = 0;
        for (var i = 0; i < _eigenvalues.Length; i++)
        {
            var eigenvalue = _eigenvalues[i];
            double u = 1 + eigenvalue * x, v = eigenvalue * y;
            var scale = 1 / (u * u + v * v);
            var weight = _counts[i] * eigenvalue * scale;
            re1 += weight * u;
            im1 -= weight * v;
            re2 += weight * scale * (u * u - v * v);
            im2 -= weight * scale * (2 * u * v);
        }
        return (new Complex(re1, im1), new Complex(re2, im2));
    }

    /// <summary>Σ c/(1+λs).</summary>
    public Complex TargetSum(Complex s)
    {
        double re = 0, im = 0;
        for (var i = 0; i < _eigenvalues.Length; i++)
        {
            double u = 1 + _eigenvalues[i] * s.Real, v = _eigenvalues[i] * s.Imaginary;
            var weight = _targets[i] / (u * u + v * v);
            re += weight * u;
            im -= weight * v;
        }
        return new Complex(re, im);
    }

    private static void AddIntegral(double from, double to, List<double> positions, List<double> counts)
    {
        if (!(to > from)) return;
        double start = Math.Log(from), length = Math.Log(to) - start;
        var panels = Math.Max(1, (int)Math.Ceiling(length / PanelWidth));
        var half = length / panels / 2;
        for (var panel = 0; panel < panels; panel++)
        {
            var middle = start + (2 * panel + 1) * half;
            for (var k = 0; k < Rule.Order; k++)
            {
                var j = Math.Exp(middle + half * Rule.GetAbscissa(k));
                positions.Add(j);
                counts.Add(half * Rule.GetWeight(k) * j);
            }
        }
    }
}
