namespace PretrainBench.Theory.Phases;

/// <summary>
/// A point (α, β) of the phase diagram: data x_j = j^−α z_j with standard normal z_j, target ⟨x, b⟩ with b_j = j^−β.
/// Source: Paquette, Paquette, Xiao, Pennington (arXiv 2405.15074).
/// </summary>
/// <param name="Alpha">α, how fast the data's standard deviations fall; above 0.</param>
/// <param name="Beta">β, how fast the target's coefficients fall.</param>
public readonly record struct PowerLawPoint(double Alpha, double Beta)
{
    /// <summary>Why the theory does not cover the point, or null when it does: it needs 2(α+β) &gt; 1 (a finite loss at the start).</summary>
    public string? Problem()
    {
        if (!(Alpha > 0)) return $"(α, β) = ({Alpha}, {Beta}): α must be above 0.";
        return 2 * (Alpha + Beta) > 1
            ? null
            : $"(α, β) = ({Alpha}, {Beta}): 2(α+β) = {2 * (Alpha + Beta):0.###} ≤ 1, so the target's variance is infinite as v grows; "
                + "the theory needs 2(α+β) > 1.";
    }
}
