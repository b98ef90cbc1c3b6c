using PretrainBench.Torch;
using PretrainBench.Training.Results;

namespace PretrainBench.Training.Loop;

/// <summary>What a step computed, before it is read.</summary>
/// <param name="index">The step, counted from 0.</param>
/// <param name="dynamics">What else was measured; null where nothing was.</param>
internal sealed class StepNumbers(int index, double scheduleFactor, Tensor loss, Tensor gradientNorm,
    LateDynamics? dynamics) : IDisposable
{
    private readonly LateNumbers _numbers = new(loss, gradientNorm);

    /// <summary>Reads it; waits where it is not there yet.</summary>
    public StepOutcome Read()
    {
        var numbers = _numbers.Read();
        return new StepOutcome(index + 1, numbers[0], numbers[1], scheduleFactor, dynamics?.Read());
    }

    public void Dispose()
    {
        _numbers.Dispose();
        dynamics?.Dispose();
    }
}

/// <summary>What an optimizer step saw.</summary>
/// <param name="Step">Which it was, counted from 1: steps done after it.</param>
/// <param name="Loss">Mean loss over the batch before the update, in nats per token.</param>
/// <param name="GradientNorm">Global norm of the gradient before clipping.</param>
/// <param name="ScheduleFactor">The scheduled learning rate as a fraction of the peak.</param>
/// <param name="Dynamics">What else was measured; null where nothing was.</param>
internal readonly record struct StepOutcome(
    int Step, double Loss, double GradientNorm, double ScheduleFactor, StepDynamics? Dynamics);
