using PretrainBench.Analysis.Laws;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Analysis.Solvers;

/// <summary>A law and the points that it is fitted to, laid out once. Every refit (a bootstrap draw, a held-out run) is
/// the same points with other weights.</summary>
internal sealed class PreparedFit
{
    /// <param name="weights">Weights of runs; all one when null.</param>
    public PreparedFit(IReadOnlyList<RunRow> rows, Law law, FitOptions options, FitChange? change = null,
        double[]? weights = null)
    {
        options.ThrowIfInvalid("the fit");
        if (law.HasShape && options.Solver == SolverKind.LeastAbsoluteDeviation)
            throw new UserException($"Law '{law.Name}' is fitted by least squares or Huber's loss: "
                + "use --solver least-squares or huber.");
        (Rows, Law, Options) = (rows, law, options);
        Weights = weights ?? [.. Enumerable.Repeat(1.0, rows.Count)];
        LawVariables.Require(law, rows);
        Optimizers =
            [.. rows.Select(row => row.Optimizer).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Reference = ReferenceIndex(Optimizers, options.Reference);
        var index = Optimizers.Select((name, i) => (name, i))
            .ToDictionary(pair => pair.name, pair => pair.i, StringComparer.Ordinal);
        Group = [.. rows.Select(row => index[row.Optimizer])];
        Costs = [.. Optimizers.Select(name => LawVariables.Cost(law, rows.Where(row => row.Optimizer == name)))];
        LogX1 = [.. rows.Select(row => LawVariables.Log(law.FirstVariable, row, Costs[Reference]))];
        LogX2 = [.. rows.Select(row => law.Second == Sharing.Absent
            ? 0
            : LawVariables.Log(law.SecondVariable, row, Costs[Reference], RepeatedData.FixedShape(law)))];
        Loss = [.. rows.Select(row => row.Loss)];
        Parts = law.SharesExponents
            ? [Part([.. Enumerable.Range(0, Optimizers.Count)], change)]
            : [.. Enumerable.Range(0, Optimizers.Count).Select(o => Part([o], change))];
    }

    public IReadOnlyList<RunRow> Rows { get; }

    public Law Law { get; }

    public FitOptions Options { get; }

    public IReadOnlyList<string> Optimizers { get; }

    public int Reference { get; }

    /// <summary>Each row's optimizer.</summary>
    public int[] Group { get; }

    public double[] LogX1 { get; }

    /// <summary>The second log variable; of laws with a free R_D* that of tokens that are all new.</summary>
    public double[] LogX2 { get; }

    public double[] Loss { get; }

    /// <summary>Each run's weight, 1 / variance; one where runs are not weighted.</summary>
    public double[] Weights { get; }

    public double[] Costs { get; }

    public IReadOnlyList<FitPart> Parts { get; }

    /// <summary>The reference optimizer: as named, else the baseline, else the first.</summary>
    public static int ReferenceIndex(IReadOnlyList<string> optimizers, string? name)
    {
        var names = optimizers.ToList();
        var index =
            names.FindIndex(known => known.Equals(name ?? Baseline.Optimizer, StringComparison.OrdinalIgnoreCase));
        if (index < 0 && name != null)
            throw new UserException(
                $"The reference optimizer '{name}' has no run that can be fitted; "
                    + $"there are {string.Join(", ", names)}.");
        return Math.Max(index, 0);
    }

    /// <summary>A run's loss under its optimizer's coefficients, with the derivatives of <see cref="Law.Gradient"/>.
    /// </summary>
    public double Gradient(int row, in LawCoefficients own, Span<double> gradient)
    {
        var (shift, bend) = Law.Joining == Joining.Repeats ? RepeatedData.Shift(Rows[row].Repeats, own.Shape) : (0, 0);
        var logX2 = LogX2[row] + shift;
        Law.Gradient(own, LogX1[row], logX2, gradient);
        if (Law.Joining == Joining.Repeats) gradient[FitData.LocalSize] = -own.B * own.Beta * gradient[2] * bend;
        return Law.Predict(own, LogX1[row], logX2);
    }

    public LawModel Model(LawCoefficients[] coefficients) => new(Law, Optimizers, Reference, coefficients, Costs);

    /// <summary>Each optimizer's coefficients from the parts' solutions; exponents of absent or zero terms are
    /// NaN.</summary>
    public LawCoefficients[] Coefficients(IReadOnlyList<PartSolution> solutions)
    {
        var coefficients = new LawCoefficients[Optimizers.Count];
        for (var p = 0; p < Parts.Count; p++)
        {
            var (part, solution) = (Parts[p], solutions[p]);
            for (var g = 0; g < part.Optimizers.Length; g++)
            {
                var e = Value(part.Data.Column[3 * g]);
                double a = Value(part.Data.Column[3 * g + 1]), b = Value(part.Data.Column[3 * g + 2]);
                coefficients[part.Optimizers[g]] = new(
                    e,
                    a * Math.Exp(solution.Alpha * part.Data.Centre1),
                    b * Math.Exp(solution.Beta * part.Data.Centre2),
                    a > 0 ? solution.Alpha : double.NaN,
                    b > 0 ? solution.Beta : double.NaN,
                    Law.HasShape ? solution.Shape : RepeatedData.FixedShape(Law));
            }

            // What the robust solver pushed below a billionth of the loss is zero in every digit that a loss has.
            double Value(int column)
                => column < 0 || solution.Coefficients[column] < 1e-9 ? 0 : solution.Coefficients[column];
        }
        return coefficients;
    }

    /// <summary>Refits with other weights, on all cores.</summary>
    /// <param name="weigh">Fills the weights by row of the refit of this number; they are zero before.</param>
    public LawModel[] Refits(int count, Action<int, double[]> weigh)
    {
        var models = new LawModel[count];
        Parallel.For(0, count, Options.Parallel(),
            () => (Workspace: new FitWorkspace(this), Weights: new double[Rows.Count]),
            (i, _, own) =>
            {
                Array.Clear(own.Weights);
                weigh(i, own.Weights);
                models[i] = Model(own.Workspace.Coefficients(own.Weights));
                return own;
            },
            _ => { });
        return models;
    }

    private FitPart Part(int[] optimizers, FitChange? change)
    {
        var position = Enumerable.Repeat(-1, Optimizers.Count).ToArray();
        for (var g = 0; g < optimizers.Length; g++) position[optimizers[g]] = g;
        var group = Group.Select(o => position[o]).ToArray();
        var column = Columns(optimizers, change);
        var (x1, x2) = change?.Shift(Group, LogX1, LogX2) ?? (LogX1, LogX2);
        // Absolute deviations are the likelihood of Laplace's noise, |r| / σ; Huber's are nearly those at the usual δ.
        var weights = Options.Solver == SolverKind.LeastSquares ? Weights : [.. Weights.Select(Math.Sqrt)];
        var data = FitData.Create(optimizers.Length, column, group, x1, x2, Loss, weights,
            [.. Rows.Select(row => row.Repeats)]);
        return new(optimizers, data, Law.Joining);
    }

    private int[] Columns(int[] optimizers, FitChange? change)
    {
        var next = 0;
        var column = new int[3 * optimizers.Length];
        Sharing[] sharing = [Law.Floor, Law.First, Law.Second];
        for (var term = 0; term < 3; term++)
        {
            var shared = sharing[term] == Sharing.Shared ? next++ : -1;
            for (var g = 0; g < optimizers.Length; g++)
            {
                var tied = change != null && change.Term == term && change.Optimizer == optimizers[g];
                column[3 * g + term] = sharing[term] != Sharing.PerOptimizer ? shared : tied ? -2 : next++;
            }
            for (var g = 0; g < optimizers.Length; g++)
                if (column[3 * g + term] == -2)
                    column[3 * g + term] = column[3 * Array.IndexOf(optimizers, Reference) + term];
        }
        return column;
    }
}

/// <summary>One thread's solvers for all parts of a prepared fit.</summary>
/// <param name="loss">Other losses of the same runs; the fit's own when null.</param>
internal sealed class FitWorkspace(PreparedFit fit, double[]? loss = null)
{
    private readonly PartSolver[] _solvers =
        [.. fit.Parts.Select(part => new PartSolver(loss is null ? part : part.WithLoss(loss), fit.Options))];

    public PartSolution[] Solve() => [.. _solvers.Select(solver => solver.Solve())];

    /// <param name="near">Whether to search near the full fit only.</param>
    public PartSolution[] Refit(double[]? weights, bool near = false)
        => [.. _solvers.Zip(fit.Parts, (solver, part) => solver.Refit(weights, near ? part.Full : null))];

    /// <summary>Refits and returns each optimizer's coefficients.</summary>
    /// <param name="near">Whether to search near the full fit only.</param>
    public LawCoefficients[] Coefficients(double[]? weights, bool near = false)
        => fit.Coefficients(Refit(weights, near));
}
