using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Battery;

/// <summary>
/// No rule's step leaves a tensor behind. Rules that share their parameters among the cores make tensors on one thread
/// and free them on another, so that only the count of the whole process is exact: nothing else runs meanwhile.
/// </summary>
[Collection(nameof(LeakTests))]
public class LeakTests
{
    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void Steps_keep_no_tensors_alive(string rule)
    {
        using var trial = Trial.OfModel(rule);
        RunInScope(trial, 0, 12);
        var before = LiveTensors();
        RunInScope(trial, 12, 33);

        Assert.Equal(before, Tensor.TotalCount);
    }

    /// <summary>How many tensors the process holds, without those that other tests left to the finalizers.</summary>
    internal static long LiveTensors()
    {
#pragma warning disable RS0030
        GC.Collect();
#pragma warning restore RS0030
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }

    private static void RunInScope(Trial trial, int from, int to)
    {
        using var scope = NewDisposeScope();
        trial.Run(from, to);
    }
}

[CollectionDefinition(nameof(LeakTests), DisableParallelization = true)]
public sealed class RunsAlone;
