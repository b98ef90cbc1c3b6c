using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Tables;
using PretrainBench.Core.Runs;

namespace PretrainBench.Theory.Quadratics;

/// <summary>What the laws of src/Analysis say about a family of optimizers.</summary>
/// <param name="AiccAdvantage">AICc of separate exponents minus AICc of shared ones; above 0, shared ones are
/// preferred.</param>
/// <param name="SharedError">Mean squared error of the shared law on held-out runs, one at a time.</param>
/// <param name="SeparateError">The same of one law per optimizer.</param>
/// <param name="Exponents">Exponent in steps, β, of each optimizer when fitted on its own.</param>
/// <param name="Efficiencies">ρ_D of each optimizer under the shared law.</param>
public sealed record FamilyComparison(
    string Family,
    double AiccAdvantage,
    double SharedError,
    double SeparateError,
    IReadOnlyDictionary<string, double> Exponents,
    IReadOnlyDictionary<string, double> Efficiencies,
    IReadOnlyList<string> Verdict)
{
    /// <summary>Whether shared exponents hold: separate ones predict held-out runs no better by a tenth, and AICc does
    /// not prefer them.</summary>
    public bool SharedExponentsHold => SharedError <= 1.1 * SeparateError && AiccAdvantage > -2;

    /// <summary>Hands a family's table to the laws.</summary>
    public static FamilyComparison Of(string family, IReadOnlyList<FamilyLoss> losses, ulong seed)
    {
        var table = ToRunTable(losses);
        var result =
            LawComparison.Compare(table, new ComparisonOptions { Laws = ["per-optimizer", "shared"], Seed = seed });
        var separate = result.Laws.Single(score => score.Law == "per-optimizer");
        var shared = result.Laws.Single(score => score.Law == "shared");
        double Error(LawScore score) => score[HoldOutProtocol.LeaveOneRunOut].Pooled?.MeanSquaredError ?? double.NaN;
        return new FamilyComparison(
            family,
            separate.Aicc - shared.Aicc,
            Error(shared),
            Error(separate),
            table.Optimizers.ToDictionary(name => name, name => separate.Fit[name].Beta),
            table.Optimizers.ToDictionary(name => name, name => shared.Fit[name].RhoD),
            result.Verdict);
    }

    /// <summary>The table that the laws read: width as N, steps as D.</summary>
    public static RunTable ToRunTable(IReadOnlyList<FamilyLoss> losses) => new()
    {
        Rows = [.. losses.Select(row => new RunRow
        {
            Run = $"{row.Optimizer}/{row.Width}/{row.Steps}",
            Optimizer = row.Optimizer,
            Size = $"{row.Width}",
            N = row.Width,
            D = row.Steps,
            Loss = row.Loss,
        })],
    };
}
