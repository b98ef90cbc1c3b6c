namespace PretrainBench.Training.Loop;

/// <summary>Says when a run has left every bound: a loss or gradient that is no number, or, after warm-up, a smoothed
/// loss above ln(vocabulary) + 1, which is worse than knowing nothing at all.</summary>
internal sealed class DivergenceDetector(int vocabularySize, int firstStepWatched)
{
    // Weight of the newest loss in the smoothed one: about the last twenty steps count.
    private const double Smoothing = 0.1;

    // Nats above ln(vocabulary); spikes that a run recovers from stay below it when smoothed.
    private const double Margin = 1;

    private readonly double _bound = Math.Log(vocabularySize) + Margin;

    /// <summary>The smoothed loss in nats per token; null before the first step. Part of every checkpoint.</summary>
    public double? SmoothedLoss { get; set; }

    /// <summary>Takes in a step; a reason when the run has diverged, else null.</summary>
    /// <param name="step">The step, counted from 0.</param>
    /// <param name="loss">Its loss in nats per token.</param>
    public string? Observe(int step, double loss, double gradientNorm)
    {
        if (!double.IsFinite(loss)) return $"the loss is {loss}";
        if (!double.IsFinite(gradientNorm)) return $"the gradient's norm is {gradientNorm}";
        SmoothedLoss = SmoothedLoss is { } before ? before + Smoothing * (loss - before) : loss;
        return step >= firstStepWatched && SmoothedLoss > _bound
            ? $"the smoothed loss {SmoothedLoss:F2} is above {_bound:F2}, one nat above guessing"
            : null;
    }
}
