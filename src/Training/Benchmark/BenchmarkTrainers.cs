using System.Diagnostics;
using PretrainBench.Optimizers;
using PretrainBench.Optimizers.Rules;
using PretrainBench.Torch;
using AdamW = TorchSharp.Modules.AdamW;
using F = TorchSharp.torch.nn.functional;

namespace PretrainBench.Training.Benchmark;

/// <summary>A model with its optimizer, and the times of its steps.</summary>
internal abstract class BenchmarkTrainer : IDisposable
{
    private readonly List<double> _losses = [];
    private readonly List<(double Whole, double Optimizer)> _seconds = [];

    /// <summary>Takes a step and keeps its loss and times.</summary>
    public void TimeStep(int step)
    {
        using var scope = NewDisposeScope();
        var clock = Stopwatch.StartNew();
        var loss = Backward();
        var optimizer = Stopwatch.StartNew();
        Update(step);
        optimizer.Stop();
        // Reading the loss also waits for an accelerator to finish the step.
        _losses.Add(loss.ReadNumber());
        _seconds.Add((clock.Elapsed.TotalSeconds, optimizer.Elapsed.TotalSeconds));
    }

    /// <summary>What the steps after the first ones reached.</summary>
    public TrainingSpeed Speed(int warmUpSteps, long tokensPerStep)
    {
        var timed = _seconds.Skip(warmUpSteps).ToList();
        var median = timed.Select(step => step.Whole).Order().ElementAt(timed.Count / 2);
        return new TrainingSpeed(tokensPerStep / median, median,
            timed.Sum(step => step.Optimizer) / timed.Sum(step => step.Whole), _losses[0], _losses[^1]);
    }

    public abstract void Dispose();

    /// <summary>Forward and backward passes, and clipping; the caller's scope owns the loss.</summary>
    protected abstract Tensor Backward();

    /// <summary>Updates the weights and drops the gradients.</summary>
    protected abstract void Update(int step);
}

/// <summary>Our model under one of our optimizers.</summary>
internal sealed class OurTrainer(BenchmarkModel model, OptimizerConfig optimizer) : BenchmarkTrainer
{
    private readonly CompositeOptimizer _optimizer = optimizer.Create(model.Model.Parameters, seed: 0);

    public override void Dispose() => _optimizer.Dispose();

    protected override Tensor Backward()
    {
        var loss = model.Pass();
        Operators.ClipTogether(
            [.. model.Model.Parameters.Select(parameter => parameter.Value.grad).OfType<Tensor>()], 1);
        return loss;
    }

    protected override void Update(int step)
    {
        _optimizer.Step(new OptimizerStep(step, 1));
        model.ClearGradients();
    }
}

/// <summary>The plain model under the package's AdamW, from the same weights, with the same settings.</summary>
internal sealed class PlainTrainer : BenchmarkTrainer
{
    private readonly BenchmarkModel _model;
    private readonly PlainDecoder _plain;
    private readonly optim.Optimizer _optimizer;

    public PlainTrainer(BenchmarkModel model, Precision precision)
    {
        _model = model;
        _plain = new PlainDecoder(model.Model.Shape, precision, model.Target);
        _plain.Copy(model.Model);
        var options = new AdamWOptions();
        // Gains of norms do not decay.
        var groups = _plain.parameters().GroupBy(parameter => parameter.dim() > 1)
            .Select(group =>
                new AdamW.ParamGroup(group, options.LearningRate, options.Beta1, options.Beta2, options.Epsilon,
                group.Key ? options.WeightDecay : 0));
        _optimizer = new AdamW(groups);
    }

    public override void Dispose()
    {
        _optimizer.Dispose();
        _plain.Dispose();
    }

    protected override Tensor Backward()
    {
        var loss = F.cross_entropy(_plain.forward(_model.Inputs()).flatten(0, 1), _model.Targets().flatten());
        loss.backward();
        nn.utils.clip_grad_norm_(_plain.parameters(), 1);
        return loss;
    }

    protected override void Update(int step)
    {
        _optimizer.step();
        _optimizer.zero_grad();
    }
}
