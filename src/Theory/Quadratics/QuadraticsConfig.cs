using PretrainBench.Core.Configuration;

namespace PretrainBench.Theory.Quadratics;

/// <summary>What the quadratics lab computes. The defaults take seconds.</summary>
public sealed record QuadraticsConfig : IValidated
{
    /// <summary>Default of <see cref="Directions"/>: the calibrated size.</summary>
    public const int DefaultDirections = 10_000;

    /// <summary>Default of <see cref="PointsPerFit"/>.</summary>
    public const int DefaultPointsPerFit = 40;

    /// <summary>Values of a in i^−a; every one is combined with every value of <see cref="B"/>.</summary>
    public IReadOnlyList<double> A { get; init; } = [1.25, 1.5, 2, 3];

    /// <summary>Values of b in δ_i² = i^−b.</summary>
    public IReadOnlyList<double> B { get; init; } = [0.25, 0.5, 1];

    /// <summary>Preconditioner powers p, each measured for every pair; 0 is plain gradient descent.</summary>
    public IReadOnlyList<double> PreconditionerPowers { get; init; } = [0, 0.25];

    /// <summary>D, the widest model.</summary>
    public int Directions { get; init; } = DefaultDirections;

    /// <summary>Log-spaced points in each fit of an exponent.</summary>
    public int PointsPerFit { get; init; } = DefaultPointsPerFit;

    /// <summary>The pair whose two phases and decomposition are drawn.</summary>
    public SpectralExponents Picture { get; init; } = new(1.5, 0.5);

    /// <summary>The tables of losses for families of optimizers.</summary>
    public OptimizerFamilyConfig Family { get; init; } = new();

    /// <summary>Ten times as many directions: a minute instead of seconds, and wider windows.</summary>
    public bool Full { get; init; }

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (A.Count == 0) yield return (nameof(A), "at least one value is needed");
        if (B.Count == 0) yield return (nameof(B), "at least one value is needed");
        if (PreconditionerPowers.Count == 0)
            yield return (nameof(PreconditionerPowers), "at least one is needed (0 is plain descent)");
        if (PointsPerFit < 5)
            yield return (nameof(PointsPerFit), $"{PointsPerFit} is too few: a fit needs 5 points or more");
        if (Directions < 1000)
            yield return (nameof(Directions),
                $"{Directions} is too few: below 1000 the widths 10…D/10 do not give an exponent");
        foreach (var pair in Pairs())
            foreach (var problem in CheckPair(pair)) yield return (nameof(A), problem);
        foreach (var problem in PowerLawQuadratic.Check(Picture, Directions, 0, 1))
            yield return (nameof(Picture), problem);
    }

    internal IEnumerable<SpectralExponents> Pairs() => A.SelectMany(a => B.Select(b => new SpectralExponents(a, b)));

    private IEnumerable<string> CheckPair(SpectralExponents pair)
    {
        foreach (var power in PreconditionerPowers)
        {
            var errors = PowerLawQuadratic.Check(pair, Directions, power, 1);
            foreach (var error in errors) yield return error;
            if (errors.Count > 0) continue;
            var last = ExponentMeasurement.LastTime(pair, Directions, power);
            if (last < ExponentMeasurement.FirstTime * ExponentMeasurement.NarrowestWindow)
            {
                yield return $"pair (a, b) = ({pair.A}, {pair.B}) with p = {power}: the power law lasts from ηk = "
                    + $"{ExponentMeasurement.FirstTime:0} to {last:0} only; raise directions or lower p.";
            }
        }
    }
}
