using PretrainBench.Core;
using PretrainBench.Optimizers.Matrices;
using PretrainBench.Optimizers.Rules;
using PretrainBench.Torch;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Battery;

/// <summary>Parameters that are updated together are updated as they are one by one. Each rule for which that is a form
/// of its own.</summary>
[Collection(nameof(LeakTests))]
public class BundlingTests
{
    public static TheoryData<string> Names
        => new(RegisteredRules.All.Where(name => RuleRegistry.Get(name).Defaults().Bundling != Bundling.None));

    [Theory]
    [MemberData(nameof(Names))]
    public void Together_is_as_one_by_one(string rule)
    {
        foreach (var (type, tolerance) in new[]
            { (ScalarType.Float64, 1e-9), (ScalarType.Float32, 2e-2), (ScalarType.BFloat16, 2e-2) })
        {
            using var single = Of(rule, bundled: false, type).Run(0, 12);
            using var together = Of(rule, bundled: true, type).Run(0, 12);

            AssertClose(single.Values(), together.Values(), tolerance);
            Assert.Equal(single.Optimizer.StateBytes, together.Optimizer.StateBytes);
            Assert.Equal(single.Optimizer.FlopsPerStep, together.Optimizer.FlopsPerStep, tolerance: 1);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_goes_on_in_the_other_form(string rule)
    {
        using var single = Of(rule, bundled: false, ScalarType.Float64).Run(0, 12);
        using var together = Of(rule, bundled: true, ScalarType.Float64).ResumeFrom(single).Run(12, 20);
        using var back = Of(rule, bundled: false, ScalarType.Float64).ResumeFrom(together);

        AssertClose(single.Run(12, 33).Values(), back.Run(20, 33).Values(), 1e-8);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Together_reads_no_number_and_keeps_no_tensor_alive(string rule)
    {
        using var trial = Of(rule, bundled: true, ScalarType.Float32).Run(0, 12);
        var (reads, tensors) = (HostReads.Count, LeakTests.LiveTensors());
        using (var scope = NewDisposeScope()) trial.Run(12, 33);

        Assert.Equal(reads, HostReads.Count);
        Assert.Equal(tensors, Tensor.TotalCount);
    }

    [Fact]
    public void A_missing_gradient_is_named()
    {
        using var trial = Of("lion", bundled: true, ScalarType.Float32).Run(0, 1);
        Gradients.Clear(trial.Parameters.First(parameter => parameter.Name == "up").Value);

        var error = Assert.Throws<UserException>(() => trial.Optimizer.Step(new OptimizerStep(1, 1)));

        Assert.Contains("`bundled: false`", error.Message);
        Assert.Contains("qkv to gate", error.Message);
    }

    [Fact]
    public void Counters_that_differ_cannot_be_shared()
    {
        using var single = Of("adamw", bundled: false, ScalarType.Float32).Run(0, 1);
        Gradients.Clear(single.Parameters.First(parameter => parameter.Name == "up").Value);
        single.Optimizer.Step(new OptimizerStep(1, 1));
        using var together = Of("adamw", bundled: true, ScalarType.Float32);

        Assert.Contains("updated together",
            Assert.Throws<UserException>(() => together.ResumeFrom(single)).Message);
    }

    private static Trial Of(string rule, bool bundled, ScalarType type)
    {
        var options = RuleRegistry.Get(rule).Defaults() with { Bundled = bundled };
        // In the parameters' own type, so that processors with fast bfloat16 do not hide differences.
        var inOwnType = new OrthogonalisationOptions { IterationType = IterationType.Parameter };
        options = options switch
        {
            MuonOptions muon => muon with { Orthogonalisation = inOwnType },
            Dion2Options dion => dion with { Orthogonalisation = inOwnType },
            MuonHOptions muon => muon with { Orthogonalisation = inOwnType },
            ScionOptions scion => scion with { Orthogonalisation = inOwnType },
            _ => options,
        };
        return Trial.OfModel(new OptimizerConfig { Options = options }, type);
    }

    private static void AssertClose(double[][] expected, double[][] actual, double tolerance)
    {
        foreach (var (one, other) in expected.Zip(actual))
        {
            var off = one.Zip(other, (a, b) => Math.Abs(a - b) / (1 + Math.Abs(a))).Max();
            Assert.True(off <= tolerance, $"off by {off:E1}, allowed {tolerance:E1}");
        }
    }
}
