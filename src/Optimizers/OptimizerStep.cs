namespace PretrainBench.Optimizers;

/// <summary>What a rule is told about the step that it takes.</summary>
/// <param name="Index">Counted from 0 over the whole run.</param>
/// <param name="ScheduleFactor">The scheduled learning rate as a fraction of the peak, from
/// <see cref="ScheduleConfig"/>.</param>
public readonly record struct OptimizerStep(long Index, double ScheduleFactor);
