using PretrainBench.Core;

namespace PretrainBench.Analysis.Laws;

/// <summary>A fitted law that can predict: each optimizer's coefficients and what its tokens cost.</summary>
public sealed class LawModel
{
    private readonly LawCoefficients[] _coefficients;
    private readonly double[] _costs;
    private readonly Dictionary<string, int> _index;

    internal LawModel(Law law, IReadOnlyList<string> optimizers, int reference, LawCoefficients[] coefficients,
        double[] costs)
    {
        (Law, Optimizers, Reference, _coefficients, _costs) = (law, optimizers, reference, coefficients, costs);
        // Names that differ in case alone are different optimizers; a finding asks whether they are meant to be.
        _index = optimizers.Select((name, i) => (name, i))
            .ToDictionary(pair => pair.name, pair => pair.i, StringComparer.Ordinal);
    }

    public Law Law { get; }

    /// <summary>The optimizers, in the order of the indices below.</summary>
    public IReadOnlyList<string> Optimizers { get; }

    public int Reference { get; }

    /// <summary>An optimizer's index.</summary>
    /// <param name="optimizer">Its name; without regard to case where no other is spelled so exactly.</param>
    /// <exception cref="UserException">The law was not fitted to this optimizer.</exception>
    public int IndexOf(string optimizer)
    {
        if (_index.TryGetValue(optimizer, out var index)) return index;
        for (var o = 0; o < Optimizers.Count; o++)
            if (Optimizers[o].Equals(optimizer, StringComparison.OrdinalIgnoreCase)) return o;
        throw new UserException($"The fit has no optimizer '{optimizer}'; it has {string.Join(", ", Optimizers)}.");
    }

    /// <summary>An optimizer's coefficients, rho folded in.</summary>
    public LawCoefficients Coefficients(int optimizer) => _coefficients[optimizer];

    /// <summary>The measured cost of one token and parameter, in FLOPs or seconds, for laws that pay in compute; 1 for
    /// the others.</summary>
    public double Cost(int optimizer) => _costs[optimizer];

    /// <summary>The predicted loss of a run of N parameters and D tokens, all of them new.</summary>
    /// <param name="d">Training tokens.</param>
    /// <returns>Nats per token.</returns>
    public double Predict(int optimizer, double n, double d)
    {
        var logX1 = Law.FirstVariable == LawVariable.Flops ? Math.Log(6 * n * d) : Math.Log(n);
        return Law.Predict(_coefficients[optimizer], logX1, Math.Log(d * _costs[optimizer] / _costs[Reference]));
    }

    /// <summary>The predicted loss of a run as it was: laws that pay in compute use what it paid, laws of repeated data
    /// how often it saw its tokens.</summary>
    /// <param name="row">The run; its optimizer must be in the fit.</param>
    /// <returns>Nats per token.</returns>
    public double Predict(RunRow row)
    {
        var own = _coefficients[IndexOf(row.Optimizer)];
        return Law.Predict(own, LawVariables.Log(Law.FirstVariable, row, _costs[Reference]),
            LawVariables.Log(Law.SecondVariable, row, _costs[Reference], own.Shape));
    }

    /// <summary>The same law and costs with other coefficients: one draw of a bootstrap.</summary>
    internal LawModel With(LawCoefficients[] coefficients) => new(Law, Optimizers, Reference, coefficients, _costs);

    /// <summary>How far a parameter goes, relative to the reference: (a_ref / a_o)^(1/alpha); NaN where the law has no
    /// rhoN.</summary>
    internal double RhoN(int optimizer) => Law.SharesExponents && Law.First == Sharing.PerOptimizer
        ? Ratio(_coefficients[Reference].A, _coefficients[optimizer].A, _coefficients[optimizer].Alpha)
        : double.NaN;

    /// <summary>How far what the second power pays in goes: (b_ref / b_o)^(1/beta). That is rhoD for laws in tokens and
    /// rhoC for laws in compute; NaN where the law has neither.</summary>
    internal double RhoSecond(int optimizer) => Law.SharesExponents && Law.Second == Sharing.PerOptimizer
        ? Ratio(_coefficients[Reference].B, _coefficients[optimizer].B, _coefficients[optimizer].Beta)
        : double.NaN;

    /// <summary>How far a token goes; for laws in compute, rhoC k_o / k_ref.</summary>
    internal double RhoD(int optimizer) => RhoSecond(optimizer) * _costs[optimizer] / _costs[Reference];

    private static double Ratio(double reference, double own, double exponent)
        => reference > 0 && own > 0 ? Math.Pow(reference / own, 1 / exponent) : double.NaN;
}
