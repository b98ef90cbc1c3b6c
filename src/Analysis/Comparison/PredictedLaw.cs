using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Comparison;

/// <summary>A law with its predictions of runs, by protocol.</summary>
internal sealed class PredictedLaw
{
    private readonly Dictionary<HoldOutProtocol, IReadOnlyList<HeldOutPrediction>> _held = [];
    private readonly Dictionary<HoldOutProtocol, IReadOnlyList<(int[] Train, int[] Test)>> _folds = [];
    private readonly int[] _rows;
    private readonly double[] _leverages;

    private PredictedLaw(LawFit fit, int[] rows)
        => (Fit, _rows, _leverages) = (fit, rows, FitJacobian.Leverages(FitJacobian.Basis(fit)));

    /// <summary>The law's name.</summary>
    public string Name => Fit.Law;

    /// <summary>The law, fitted to the optimizers that have runs enough.</summary>
    public LawFit Fit { get; }

    /// <summary>What could not be held out, by protocol.</summary>
    public Dictionary<HoldOutProtocol, List<string>> Skipped { get; } = [];

    /// <summary>The predictions, in the order of the table's rows.</summary>
    public IReadOnlyList<HeldOutPrediction> this[HoldOutProtocol protocol] => _held[protocol];

    /// <summary>
    /// Fits a law and lets it predict. An optimizer with too few runs for it is set aside, with a finding.
    /// </summary>
    /// <exception cref="Core.UserException">The runs cannot determine the law.</exception>
    public static PredictedLaw Of(RunTable table, Law law, FitOptions options, List<Finding> findings)
    {
        var thin = FitRequirements.Thin(table, law);
        int[] kept = [.. Enumerable.Range(0, table.Rows.Count).Where(i => !thin.Contains(table.Rows[i].Optimizer))];
        var fit = Fitter.Fit(table.With([.. kept.Select(i => table.Rows[i])]), law, options);
        var predicted = new PredictedLaw(fit, kept);
        if (thin.Count > 0) findings.Add(FitRequirements.ThinFinding(law, thin));
        foreach (var protocol in LawComparison.Protocols)
        {
            var skipped = predicted.Skipped[protocol] = [];
            var folds = predicted._folds[protocol] = HoldOut.Folds(predicted.Fit.Prepared, protocol, skipped);
            IEnumerable<HeldOutPrediction> held = protocol == HoldOutProtocol.InSample
                ? predicted.Fit.Points.Select((point, i) => new HeldOutPrediction(i, point.Predicted))
                : HoldOut.Predict(predicted.Fit.Prepared, folds);
            predicted._held[protocol] = [.. held.Select(prediction => prediction with { Row = kept[prediction.Row] })];
        }
        return predicted;
    }

    /// <summary>What the law would have predicted, had the runs ended at other losses: refitted like the first time,
    /// except that single runs are left out by their leverage, which costs one refit instead of one for each
    /// run.</summary>
    /// <param name="loss">A loss for each row of the table.</param>
    /// <returns>By protocol, a prediction for each row of the table; NaN where there is none.</returns>
    public Dictionary<HoldOutProtocol, double[]> PredictAgain(double[] loss)
    {
        var prepared = Fit.Prepared;
        double[] own = [.. _rows.Select(row => loss[row])];
        var workspace = new FitWorkspace(prepared, own);
        var again = new Dictionary<HoldOutProtocol, double[]>();
        foreach (var (protocol, folds) in _folds.Where(
            pair => pair.Key != HoldOutProtocol.InSample && _held[pair.Key].Count > 0))
        {
            var predicted = again[protocol] = new double[loss.Length];
            Array.Fill(predicted, double.NaN);
            if (protocol == HoldOutProtocol.LeaveOneRunOut)
            {
                var model = prepared.Model(workspace.Coefficients(null, near: true));
                for (var i = 0; i < own.Length; i++)
                    predicted[_rows[i]] =
                        own[i] - (own[i] - model.Predict(prepared.Rows[i])) / Math.Max(1 - _leverages[i], 1e-3);
                continue;
            }
            foreach (var (train, test) in folds)
            {
                var weights = new double[own.Length];
                foreach (var i in train) weights[i] = 1;
                var model = prepared.Model(workspace.Coefficients(weights, near: true));
                foreach (var i in test) predicted[_rows[i]] = model.Predict(prepared.Rows[i]);
            }
        }
        return again;
    }

    /// <summary>The law's own losses with drawn noise, for each row of the table; those that it was not fitted to as
    /// they are.</summary>
    public double[] Draw(RunTable table, NoiseModel noise, Random random)
    {
        double[] loss = [.. table.Rows.Select(row => row.Loss)];
        var drawn = noise.Draw(random);
        for (var i = 0; i < _rows.Length; i++) loss[_rows[i]] = Math.Max(Fit.Points[i].Predicted + drawn[i], 1e-6);
        return loss;
    }

    /// <summary>Leaves each law the runs that all of them predicted. Laws that could predict few are not compared,
    /// rather than taking runs away from all: those are kept that make the most of laws times runs.</summary>
    public static void KeepCommonRuns(
        IReadOnlyList<PredictedLaw> laws, HoldOutProtocol protocol, List<Finding> findings)
    {
        var counts = laws.Select(law => law[protocol].Count).ToList();
        var least = counts.MaxBy(count => count * counts.Count(other => other >= count));
        var able = laws.ToLookup(law => law[protocol].Count >= least);
        foreach (var law in able[false])
        {
            if (law[protocol].Count > 0)
                findings.Note("law-set-aside", $"{law.Name} could predict {law[protocol].Count} runs, others "
                    + $"{counts.Max()} ({protocol.Words()}), and is not compared there.");
            law._held[protocol] = [];
        }
        var common = able[true].Select(law => law[protocol].Select(prediction => prediction.Row).ToHashSet())
            .Aggregate((rows, others) => [.. rows.Intersect(others)]);
        foreach (var law in able[true])
            law._held[protocol] = [.. law[protocol].Where(prediction => common.Contains(prediction.Row))];
    }
}
