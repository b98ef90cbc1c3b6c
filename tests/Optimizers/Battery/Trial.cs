using PretrainBench.Core;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Battery;

/// <summary>A few parameters of every role under one optimizer, with gradients that are a function of the
/// step.</summary>
internal sealed class Trial : IDisposable
{
    private Trial(CompositeOptimizer optimizer, IReadOnlyList<ModelParameter<Tensor>> parameters)
        => (Optimizer, Parameters) = (optimizer, parameters);

    public CompositeOptimizer Optimizer { get; }

    public IReadOnlyList<ModelParameter<Tensor>> Parameters { get; }

    /// <summary>A small model's parameters, fused projections included, grouped by the rule's default roles.</summary>
    public static Trial OfModel(string rule, ScalarType type = ScalarType.Float32)
        => OfModel(OptimizerConfig.Default(rule), type);

    /// <summary>The same for an optimizer as a file configures it.</summary>
    public static Trial OfModel(OptimizerConfig optimizer, ScalarType type = ScalarType.Float32)
    {
        ModelParameter<Tensor>[] parameters =
        [
            Parameter("embedding", ParameterRole.Embedding, type, [11, 6]),
            Parameter("qkv", ParameterRole.HiddenMatrix, type, [18, 6]) with { RowBlocks = 3 },
            Parameter("second_qkv", ParameterRole.HiddenMatrix, type, [18, 6]) with { RowBlocks = 3 },
            Parameter("up", ParameterRole.HiddenMatrix, type, [9, 6]),
            Parameter("gate", ParameterRole.HiddenMatrix, type, [9, 6]),
            Parameter("norm", ParameterRole.Norm, type, [6]),
            Parameter("second_norm", ParameterRole.Norm, type, [6]),
            Parameter("bias", ParameterRole.Bias, type, [9]),
            Parameter("head", ParameterRole.Head, type, [11, 6]),
        ];
        return new Trial(optimizer.Create(parameters, seed: 1), parameters);
    }

    /// <summary>The rule itself on parameters of given shapes.</summary>
    public static Trial OfShapes(RuleOptions options, params long[][] shapes)
    {
        var parameters = shapes.Select((shape, i) =>
            Parameter($"p{i}", shape.Length < 2 ? ParameterRole.Bias : ParameterRole.HiddenMatrix, ScalarType.Float32,
                shape)).ToList();
        return new Trial(new CompositeOptimizer([options.Create(new RuleContext(parameters, Seed: 1))]), parameters);
    }

    /// <summary>Takes steps with pseudo-random gradients and a changing schedule, sampled gradients where
    /// wanted.</summary>
    public Trial Run(int from, int to, double scale = 1)
    {
        for (var t = from; t < to; t++)
        {
            var step = new OptimizerStep(t, 1 / (1 + 0.1 * t));
            if (Optimizer.WantsSampledGradient(step))
            {
                SetGradients(t + 1000, scale);
                Optimizer.ObserveSampledGradient(step, tokenCount: 8);
            }
            SetGradients(t, scale);
            Optimizer.Step(step);
        }
        return this;
    }

    /// <summary>The values of all parameters, in order.</summary>
    public double[][] Values() => [.. Parameters.Select(parameter => Numbers(parameter.Value))];

    public static double[] Numbers(Tensor value)
    {
        using var scope = NewDisposeScope();
        // The package throws for tensors without elements.
        return value.numel() == 0
            ? []
            : value.detach().to_type(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    /// <summary>Copies parameters and state from another trial, as resuming from a checkpoint does.</summary>
    public Trial ResumeFrom(Trial other)
    {
        using var noGradient = no_grad();
        foreach (var (mine, theirs) in Parameters.Zip(other.Parameters)) mine.Value.copy_(theirs.Value);
        Optimizer.ImportState(other.Optimizer.ExportState());
        return this;
    }

    public void Dispose()
    {
        Optimizer.Dispose();
        foreach (var parameter in Parameters) parameter.Value.Dispose();
    }

    private static ModelParameter<Tensor> Parameter(string name, ParameterRole role, ScalarType type, long[] shape)
        => new(name, role, Wave(shape, name.Length, 0.5).to_type(type).requires_grad_());

    private void SetGradients(int t, double scale)
    {
        foreach (var (parameter, i) in Parameters.Select((parameter, i) => (parameter, i)))
            Gradients.Set(parameter.Value,
                Wave(parameter.Value.shape, 31 * t + 7 * i, scale).to_type(parameter.Value.dtype));
    }

    /// <summary>Numbers without structure that do not depend on a generator.</summary>
    private static Tensor Wave(long[] shape, int phase, double scale)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        float[] numbers = [.. Enumerable.Range(0, (int)count)
            .Select(i => (float)(scale * Math.Sin(1.7 * i * i + 0.37 * phase * (i + 1) + phase)))];
        return tensor(numbers, shape);
    }
}
