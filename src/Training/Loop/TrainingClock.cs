using System.Diagnostics;

namespace PretrainBench.Training.Loop;

/// <summary>Seconds of training and, within them, of the optimizer, over all attempts; the speed of the last
/// steps.</summary>
internal sealed class TrainingClock(double trainingSeconds, double optimizerSeconds)
{
    // The newest step counts by a tenth in the smoothed time of a step.
    private const double Smoothing = 0.1;

    // An accelerator works on its own; timing the optimizer there means waiting for it, so that one step in many is
    // timed and stands for the others.
    private const int AcceleratorStepsPerSample = 64;

    private readonly Stopwatch _training = new();
    private TimeSpan _optimizer, _stepEnded;
    private long _steps;

    public double TrainingSeconds => trainingSeconds + _training.Elapsed.TotalSeconds;

    /// <summary>Seconds of training inside the optimizer.</summary>
    public double OptimizerSeconds => optimizerSeconds + _optimizer.TotalSeconds;

    /// <summary>Smoothed seconds of one step; 0 before the second step of this attempt.</summary>
    public double SecondsPerStep { get; private set; }

    public T Step<T>(Func<T> step)
    {
        var result = Wait(step);
        var seconds = (_training.Elapsed - _stepEnded).TotalSeconds;
        // The first step compiles and allocates; it says nothing about the others.
        if (_steps == 1) SecondsPerStep = seconds;
        else if (_steps > 1) SecondsPerStep += Smoothing * (seconds - SecondsPerStep);
        _stepEnded = _training.Elapsed;
        _steps++;
        return result;
    }

    /// <summary>Counts as training what a step leaves to wait for.</summary>
    public T Wait<T>(Func<T> work)
    {
        _training.Start();
        var result = work();
        _training.Stop();
        return result;
    }

    /// <summary>Times the optimizer within a step.</summary>
    public void Optimizer(Device device, Action update)
    {
        var onAccelerator = device.type == DeviceType.CUDA;
        // Not the first step of all, which is slower than the others.
        var isTimed = !onAccelerator || _steps % AcceleratorStepsPerSample == 1;
        if (isTimed && onAccelerator) cuda.synchronize(device);
        var clock = Stopwatch.StartNew();
        update();
        if (!isTimed) return;
        if (onAccelerator) cuda.synchronize(device);
        _optimizer += clock.Elapsed * (onAccelerator ? AcceleratorStepsPerSample : 1);
    }
}
