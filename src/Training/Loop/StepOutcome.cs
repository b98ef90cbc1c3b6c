namespace PretrainBench.Training.Loop;

/// <summary>What an optimizer step saw.</summary>
/// <param name="Loss">Mean loss over the batch before the update, in nats per token.</param>
/// <param name="GradientNorm">Global norm of the gradient before clipping.</param>
/// <param name="ScheduleFactor">The scheduled learning rate as a fraction of the peak.</param>
internal readonly record struct StepOutcome(double Loss, double GradientNorm, double ScheduleFactor);
