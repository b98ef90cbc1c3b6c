using PretrainBench.Torch;
using PretrainBench.Training.Results;

namespace PretrainBench.Training.Tests;

/// <summary>A test that needs a CUDA device; skipped, with its reason, where there is none.</summary>
public sealed class CudaTheoryAttribute : TheoryAttribute
{
    public CudaTheoryAttribute()
    {
        if (!cuda.is_available()) Skip = "needs a CUDA device, and this torch finds none";
    }
}

[Collection(nameof(TestCorpus))]
public class CudaTests(TestCorpus corpus)
{
    [CudaTheory]
    [InlineData("adamw", "fp32", 5e-3)]
    [InlineData("muon", "fp32", 5e-3)]
    [InlineData("scion", "fp32", 5e-3)]
    [InlineData("shampoo", "fp32", 5e-3)]
    [InlineData("soap", "fp32", 5e-3)]
    [InlineData("prodigy", "fp32", 5e-3)]
    [InlineData("adamw", "tf32", 2e-2)]
    [InlineData("adamw", "bf16_linears", 5e-2)]
    [InlineData("adamw", "bf16", 5e-2)]
    public void A_run_ends_at_the_loss_of_the_CPU(string optimizer, string precision, double tolerance)
    {
        var (onCpu, onGpu) = (corpus.NewRunFolder(), corpus.NewRunFolder());
        string[] settings = [$"optimizer={{name: {optimizer}}}", $"precision={precision}"];
        RunSession.Execute(TestRuns.Config(corpus, settings), onCpu);
        RunSession.Execute(TestRuns.Config(corpus, [.. settings, "execution.device=cuda"]), onGpu);
        Assert.Equal(RunResult.Read(onCpu)!.FinalLoss!.Value, RunResult.Read(onGpu)!.FinalLoss!.Value, tolerance);
    }

    [CudaTheory]
    [InlineData(1000)]
    public void Numbers_that_are_read_late_are_those_of_their_step(int rounds)
    {
        using var scope = NewDisposeScope();
        var counter = zeros(Array.Empty<long>(), device: CUDA);
        LateNumbers? before = null;
        for (var round = 1; round <= rounds; round++)
        {
            var late = new LateNumbers(counter.add_(1), counter.neg());
            if (before is not null) Assert.Equal([round - 1, 1 - round], before.Read());
            before?.Dispose();
            before = late;
        }
        before!.Dispose();
    }
}
