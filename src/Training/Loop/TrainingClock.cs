using System.Diagnostics;

namespace PretrainBench.Training.Loop;

/// <summary>Seconds of training and, within them, of the optimizer, over all attempts; the speed of the last
/// steps.</summary>
internal sealed class TrainingClock(double trainingSeconds, double optimizerSeconds)
{
    // The newest step counts by a tenth in the smoothed time of a step.
    private const double Smoothing = 0.1;

    private readonly Stopwatch _training = new();
    private readonly Stopwatch _optimizer = new();

    public double TrainingSeconds => trainingSeconds + _training.Elapsed.TotalSeconds;

    /// <summary>Seconds of training inside the optimizer.</summary>
    public double OptimizerSeconds => optimizerSeconds + _optimizer.Elapsed.TotalSeconds;

    /// <summary>Smoothed seconds of one step; 0 before the second step of this attempt.</summary>
    public double SecondsPerStep { get; private set; }

    private int StepsTimed { get; set; }

    public T Step<T>(Func<T> step)
    {
        var before = _training.Elapsed;
        _training.Start();
        var result = step();
        _training.Stop();
        var seconds = (_training.Elapsed - before).TotalSeconds;
        // The first step compiles and allocates; it says nothing about the others.
        if (StepsTimed == 1) SecondsPerStep = seconds;
        else if (StepsTimed > 1) SecondsPerStep += Smoothing * (seconds - SecondsPerStep);
        StepsTimed++;
        return result;
    }

    /// <summary>Times the optimizer within a step; waits for the device where it works on its own.</summary>
    public void Optimizer(Device device, Action update)
    {
        if (device.type == DeviceType.CUDA) cuda.synchronize(device);
        _optimizer.Start();
        update();
        if (device.type == DeviceType.CUDA) cuda.synchronize(device);
        _optimizer.Stop();
    }
}
