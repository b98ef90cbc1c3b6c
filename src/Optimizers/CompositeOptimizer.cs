using PretrainBench.Core;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers;

/// <summary>What the training loop holds: one or more rules, each on its own parameters, driven together. Built by
/// <see cref="OptimizerConfig.Create"/>.</summary>
public sealed class CompositeOptimizer : IDisposable
{
    private readonly List<UpdateRule> _rules;

    /// <summary>Combines rules.</summary>
    /// <param name="rules">The rules; owned from now on. No parameter may be in two of them.</param>
    public CompositeOptimizer(IEnumerable<UpdateRule> rules)
    {
        _rules = [.. rules];
        var twice = Parameters.GroupBy(parameter => parameter.Name).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) throw new ArgumentException($"parameter {twice.Key} is in two groups", nameof(rules));
    }

    public IReadOnlyList<UpdateRule> Rules => _rules;

    public IEnumerable<ModelParameter<Tensor>> Parameters => _rules.SelectMany(rule => rule.Parameters);

    public long StateBytes => _rules.Sum(rule => rule.StateBytes);

    /// <summary>Floating-point operations of one step beyond a few per parameter.</summary>
    public double FlopsPerStep => _rules.Sum(rule => rule.FlopsPerStep);

    public IReadOnlyDictionary<string, long> Counters => _rules.SelectMany(rule => rule.Counters)
        .GroupBy(counter => counter.Key).ToDictionary(group => group.Key, group => group.Sum(counter => counter.Value));

    /// <summary>Takes a step from the gradients in the parameters' <c>grad</c>.</summary>
    /// <param name="step">The step's number and schedule factor.</param>
    public void Step(OptimizerStep step) => _rules.ForEach(rule => rule.Step(step));

    /// <summary>Whether any rule needs gradients on sampled labels before this step.</summary>
    public bool WantsSampledGradient(OptimizerStep step) => _rules.Exists(rule => rule.WantsSampledGradient(step));

    /// <summary>Hands gradients on sampled labels, in the parameters' <c>grad</c>, to the rules that want them; clear
    /// them afterwards.</summary>
    /// <param name="tokenCount">How many tokens the mean loss is over.</param>
    public void ObserveSampledGradient(OptimizerStep step, long tokenCount)
        => _rules.FindAll(rule => rule.WantsSampledGradient(step))
            .ForEach(rule => rule.ObserveSampledGradient(step, tokenCount));

    /// <summary>Moves the parameters to where the model is to be evaluated.</summary>
    public void EnterEvaluation() => _rules.ForEach(rule => rule.EnterEvaluation());

    /// <summary>Moves the parameters back to where gradients are taken.</summary>
    public void LeaveEvaluation() => _rules.ForEach(rule => rule.LeaveEvaluation());

    /// <summary>Lets rules that have their own initial values set them; once, before the first step of a run, never
    /// when resuming.</summary>
    public void Initialise() => _rules.ForEach(rule => rule.Initialise());

    /// <summary>The state by name; the tensors are the live ones.</summary>
    public OptimizerState ExportState()
    {
        var tensors = new Dictionary<string, Tensor>();
        var scalars = new Dictionary<string, double>();
        foreach (var rule in _rules)
        {
            foreach (var (name, tensor) in rule.State.Tensors) tensors.Add(Prefix(rule) + name, tensor);
            foreach (var (name, scalar) in rule.State.Scalars) scalars.Add(Prefix(rule) + name, scalar.Value);
        }
        return new OptimizerState(tensors, scalars);
    }

    /// <summary>Copies a saved state in; the parameters themselves are the caller's to restore.</summary>
    /// <param name="saved">What <see cref="ExportState"/> gave.</param>
    /// <exception cref="UserException">The state was written under another configuration.</exception>
    public void ImportState(OptimizerState saved)
    {
        using var noGradient = no_grad();
        var surplus = saved.Tensors.Keys.Except(ExportState().Tensors.Keys).FirstOrDefault();
        if (surplus is not null)
            throw new UserException(
                $"the saved optimizer state has `{surplus}`, which this configuration does not use; resume "
                    + "with the configuration that wrote it");
        foreach (var rule in _rules) rule.State.Import(saved, Prefix(rule));
    }

    /// <summary>One line per rule: name, learning rate, decay, roles and counts, for logs and results.</summary>
    public IReadOnlyList<string> Describe() => [.. _rules.Select(Describe)];

    public void Dispose() => _rules.ForEach(rule => rule.Dispose());

    private static string Describe(UpdateRule rule)
    {
        var roles = rule.Parameters.GroupBy(parameter => parameter.Role)
            .Select(group =>
                $"{group.Key} ({group.Count()} tensors, {group.Sum(parameter => parameter.Value.numel()):N0} numbers)");
        return $"{RuleRegistry.NameOf(rule.Options)} on {string.Join(", ", roles)}: {rule.Options}";
    }

    private string Prefix(UpdateRule rule) => $"{_rules.IndexOf(rule)}-{RuleRegistry.NameOf(rule.Options)}:";
}

/// <summary>Everything an optimizer needs to go on exactly where it was, by name (<c>parameter/quantity</c>).</summary>
/// <param name="Tensors">The live tensors, not copies: write them out before the next step; the optimizer keeps owning
/// them.</param>
/// <param name="Scalars">Counters and other single numbers; whole numbers are exact up to 2^53.</param>
public sealed record OptimizerState(
    IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, double> Scalars);
