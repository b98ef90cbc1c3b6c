namespace PretrainBench.Reports;

/// <summary>One evaluation on the way.</summary>
/// <param name="Tokens">Tokens seen.</param>
/// <param name="Loss">Loss in nats per token.</param>
public readonly record struct LossCurvePoint(double Tokens, double Loss);

/// <summary>How one run's loss fell. Curves are shown, and never fitted: only final losses are.</summary>
/// <param name="Run">The run's identity.</param>
/// <param name="Optimizer">Its optimizer.</param>
/// <param name="Size">Its size's label.</param>
/// <param name="N">Its parameters.</param>
/// <param name="D">The tokens that it was to see.</param>
/// <param name="Points">Evaluations, by tokens ascending.</param>
public sealed record LossCurve(string Run, string Optimizer, string Size, double N, double D, IReadOnlyList<LossCurvePoint> Points);
