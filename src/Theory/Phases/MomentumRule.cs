namespace PretrainBench.Theory.Phases;

/// <summary>The family y ← (1 − Δ(t)) y + g; θ ← θ − γ₂ g − γ₃(t) y of arXiv 2505.16098 (its γ₁ is 1 here), with
/// gradients g summed over the batch: SGD, heavy-ball momentum, DANA with constant γ₃ ≍ 1/d, and DANA with γ₃ ≍
/// (1+t)^−1/(2α).</summary>
/// <param name="Forgetting">Δ(t), at most 1.</param>
internal sealed record MomentumRule(string Name,
    Func<long, double> Forgetting, double GradientStep, Func<long, double> MomentumStep)
{
    /// <summary>δ of Δ(t) = δ/(1+t) in both DANA rules.</summary>
    public const double DanaForgetting = 8;

    public static MomentumRule Sgd(double gamma) => new("sgd", static _ => 1, gamma, static _ => 0);

    /// <summary>Heavy ball: Δ = 1 − μ; γ(1 − μ) per step keeps the long-run step size at γ.</summary>
    public static MomentumRule HeavyBall(double gamma, double momentum)
        => new($"momentum-{momentum}", _ => 1 - momentum, 0, _ => gamma * (1 - momentum));

    /// <summary>DANA-constant: γ₃ = γ · share / d.</summary>
    public static MomentumRule DanaConstant(double gamma, double share, int width)
        => new("dana-constant", Fading, gamma, _ => gamma * share / width);

    /// <summary>DANA-decaying: γ₃(t) = γ · share · (1+t)^−1/(2α).</summary>
    public static MomentumRule DanaDecaying(double gamma, double share, double alpha)
        => new("dana-decaying", Fading, gamma, t => gamma * share * Math.Pow(1 + t, -1 / (2 * alpha)));

    private static double Fading(long step) => Math.Min(1, DanaForgetting / (1 + step));
}
