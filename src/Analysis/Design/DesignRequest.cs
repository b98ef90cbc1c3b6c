using PretrainBench.Analysis.Laws;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Analysis.Design;

/// <summary>A grid whose worth is asked for.</summary>
public sealed record DesignRequest : IValidated
{
    public string Law { get; init; } = "shared";

    public required IReadOnlyList<PlannedCell> Cells { get; init; }

    /// <summary>Deviation of the loss between seeds, nats per token.</summary>
    public required double SeedNoise { get; init; }

    /// <summary>What is assumed to be true.</summary>
    public DesignTruth Truth { get; init; } = new();

    /// <summary>The reference optimizer; null: adamw where present, else the first by name.</summary>
    public string? Reference { get; init; }

    /// <summary>Where the loss is extrapolated to; null: ten times the largest N at the grid's median ratio.</summary>
    public (double N, double D)? Target { get; init; }

    /// <summary>Nominal coverage of the expected intervals.</summary>
    public double Confidence { get; init; } = 0.95;

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Cells.Count == 0) yield return (nameof(Cells), "none; give optimizers, sizes and tokens per parameter");
        foreach (var bad in Cells.Where(cell => !(cell.N > 0) || !(cell.D > 0) || cell.Seeds < 1).Take(1))
            yield return (nameof(Cells),
                $"{bad.Optimizer}, N = {bad.N}, D = {bad.D}, seeds = {bad.Seeds}: all must be above zero");
        if (!(SeedNoise > 0))
            yield return (nameof(SeedNoise), "must be above zero, in nats; small models have about 0.001 to 0.003");
    }
}

/// <summary>A cell of a planned grid.</summary>
/// <param name="Seeds">Runs of this cell with different seeds.</param>
public sealed record PlannedCell(string Optimizer, double N, double D, int Seeds = 1);

/// <summary>What a design assumes to be true; the defaults are the refit of Hoffmann et al.'s law with optimizers
/// alike.</summary>
public sealed record DesignTruth
{
    /// <summary>Irreducible loss, nats per token.</summary>
    public double E { get; init; } = 1.8172;

    public double A { get; init; } = 477.8;

    public double B { get; init; } = 2143.4;

    public double Alpha { get; init; } = 0.3473;

    public double Beta { get; init; } = 0.3672;

    /// <summary>Each optimizer's rhoN; 1 where absent.</summary>
    public IReadOnlyDictionary<string, double> RhoN { get; init; } = new Dictionary<string, double>();

    /// <summary>Each optimizer's rhoD; 1 where absent.</summary>
    public IReadOnlyDictionary<string, double> RhoD { get; init; } = new Dictionary<string, double>();

    /// <summary>One optimizer's law, rho folded in.</summary>
    internal LawCoefficients Of(string optimizer) => new(
        E,
        A * Math.Pow(RhoN.GetValueOrDefault(optimizer, 1), -Alpha),
        B * Math.Pow(RhoD.GetValueOrDefault(optimizer, 1), -Beta),
        Alpha, Beta);

    internal double Loss(string optimizer, double n, double d)
        => E + A * Math.Pow(RhoN.GetValueOrDefault(optimizer, 1) * n, -Alpha)
            + B * Math.Pow(RhoD.GetValueOrDefault(optimizer, 1) * d, -Beta);
}
