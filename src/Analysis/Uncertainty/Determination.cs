using PretrainBench.Analysis.Solvers;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Uncertainty;

/// <summary>
/// Whether the runs determine a law well enough to read scale or efficiency off it. With a parameter on a bound, or a
/// rho whose interval spans a factor of ten, nothing of the kind may be claimed: only runs are left to compare with
/// runs.
/// </summary>
public sealed record Determination
{
    /// <summary>The widest interval, high / low, from which anything is read.</summary>
    public const double Widest = 10;

    // Share of draws in which a parameter may have no meaning.
    private const double MostUndefined = 0.05;

    /// <summary>Why no optimizer's claims stand; empty when what all share is determined.</summary>
    public required IReadOnlyList<string> Shared { get; init; }

    /// <summary>Why the claims of single optimizers do not stand.</summary>
    public required IReadOnlyDictionary<string, string> Optimizers { get; init; }

    /// <summary>Whether claims of this optimizer may be made.</summary>
    public bool Allows(string optimizer) => Shared.Count == 0 && !Optimizers.ContainsKey(optimizer);

    /// <summary>Whether a parameter's interval is narrow enough to read anything off it.</summary>
    public static bool IsDetermined(ParameterInterval parameter, BootstrapResult bootstrap)
        => parameter.High <= Widest * parameter.Low
            && parameter.UndefinedReplicates <= MostUndefined * bootstrap.Replicates;

    public static Determination Of(LawFit fit, BootstrapResult bootstrap)
    {
        var shared = new List<string>();
        var single = new Dictionary<string, string>();
        foreach (var bound in fit.Diagnostics.SelectMany(part => part.BoundsHit.Select(bound => (part, bound))))
        {
            var whose = bound.part.Optimizers.Count == 1 ? bound.part.Optimizers[0]
                : fit.Model.Optimizers.FirstOrDefault(
                name => bound.bound.Contains($"[{name}]", StringComparison.Ordinal));
            if (whose is null || whose == fit.Reference) shared.Add($"{bound.bound} lies on a bound");
            else single.TryAdd(whose, $"{bound.bound} lies on a bound");
        }
        foreach (var rho in bootstrap.Parameters.Where(p => p.Parameter.StartsWith("rho", StringComparison.Ordinal)
            && p.Optimizer != fit.Reference))
        {
            if (!IsDetermined(rho, bootstrap))
                single.TryAdd(rho.Optimizer,
                    $"{rho.Parameter} of {rho.Optimizer} may be anything from {rho.Low.Rounded(2)} to "
                        + $"{rho.High.Rounded(2)}");
        }
        return new() { Shared = shared, Optimizers = single };
    }

    /// <summary>What is missing and which runs would bring it; null when nothing is missing.</summary>
    public Finding? Finding(LawFit fit)
    {
        if (Shared.Count == 0 && Optimizers.Count == 0) return null;
        var reasons = string.Join("; ", Shared.Concat(Optimizers.Values));
        var whose = Shared.Count > 0 ? "any optimizer"
            : string.Join(", ", Optimizers.Keys.Order(StringComparer.Ordinal));
        double largest = fit.Points.Max(point => point.N), smallest = fit.Points.Min(point => point.N);
        double most = fit.Points.Max(point => point.D / point.N), least = fit.Points.Min(point => point.D / point.N);
        return new(Severity.Warning, "undetermined", $"The runs do not determine the {fit.Law} law: {reasons}. "
            + $"Nothing is read off it for {whose}. Sizes further apart (now {(largest / smallest).Rounded(2)}-fold), "
            + "more tokens per parameter at the "
            + $"smallest size (now {least.Rounded(2)} to {most.Rounded(2)}) and repeated seeds would determine it.");
    }
}
