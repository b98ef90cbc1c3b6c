using System.Text.Json;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Optimizers.Rules;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Golden;

/// <summary>Replays one trajectory file.</summary>
internal sealed class GoldenTrajectory : IDisposable
{
    private static readonly Dictionary<string, IGoldenMapping> Mappings = typeof(GoldenTrajectory).Assembly.GetTypes()
        .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IGoldenMapping)))
        .Select(type => (IGoldenMapping)Activator.CreateInstance(type)!).ToDictionary(mapping => mapping.Optimizer);

    private readonly JsonElement _file;
    private readonly ScalarType _type;
    private readonly double[]? _schedule;
    private readonly List<ModelParameter<Tensor>> _parameters;
    private readonly CompositeOptimizer _optimizer;

    // Two of each, where matrices of one shape form stacks.
    private readonly int _copies;

    public GoldenTrajectory(JsonElement file, bool bundled)
    {
        _file = file;
        _type = file.GetProperty("dtype").GetString() == "float64" ? ScalarType.Float64 : ScalarType.Float32;
        _schedule = file.GetProperty("lr_schedule") is { ValueKind: JsonValueKind.Array } schedule
            ? [.. schedule.EnumerateArray().Select(x => x.GetDouble())]
            : null;
        List<(JsonElement Parameter, RuleOptions Options)> described = [.. file.GetProperty("params").EnumerateArray()
            .Select(parameter => (parameter, Options(parameter) with { Bundled = bundled }))];
        _copies = bundled && described.Exists(each => each.Options.Bundling == Bundling.SameShape) ? 2 : 1;
        described = [.. Enumerable.Repeat(described, _copies).SelectMany(all => all)];
        _parameters = [.. described.Select((each, i) =>
            Parameter(each.Parameter, i < described.Count / _copies ? "" : "copy of "))];
        _optimizer = new CompositeOptimizer(described.Zip(_parameters)
            .Select(pair => (pair.First.Options, Parameter: pair.Second)).GroupBy(pair => pair.Options)
            .Select(group => group.Key.Create(new RuleContext([.. group.Select(pair => pair.Parameter)], Seed: 0))));
        if (file.TryGetProperty("initial_state", out var state)) SetState(state);
        if (file.TryGetProperty("draws", out var draws)) SetDraws([.. draws.EnumerateArray()]);
    }

    /// <summary>The largest deviation, with where it is.</summary>
    public (double Deviation, string Where) Replay()
    {
        var worst = (0.0, "");
        var grads = _file.GetProperty("grads").EnumerateArray().ToList();
        var expected = _file.GetProperty("expected").EnumerateArray().ToList();
        for (var t = 0; t < grads.Count; t++)
        {
            var step = new OptimizerStep(t, _schedule is null ? 1 : _schedule[t] / _schedule.Max());
            SetGradients(grads[t]);
            // Files for rules with sampled labels use the step's own gradient in their place.
            if (_optimizer.WantsSampledGradient(step)) _optimizer.ObserveSampledGradient(step, BatchSize());
            _optimizer.Step(step);
            worst = Worse(worst, expected[t], $"step {t}");
        }
        if (_file.TryGetProperty("final", out var final) && final.TryGetProperty("eval_params", out var evaluated))
        {
            _optimizer.EnterEvaluation();
            worst = Worse(worst, evaluated, "evaluation");
        }
        return worst;
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        foreach (var parameter in _parameters) parameter.Value.Dispose();
    }

    private RuleOptions Options(JsonElement parameter)
    {
        var name = _file.GetProperty("optimizer").GetString()!;
        if (!Mappings.TryGetValue(name, out var mapping))
            throw new InvalidDataException($"no mapping for the optimizer {name}");
        var values = new Hyperparameters(_file.GetProperty("hyperparameters"),
            parameter.TryGetProperty("hyperparameters", out var own) ? own : null);
        var options = mapping.Map(values, values.Find("lr")?.GetDouble() ?? _schedule?.Max() ?? 0, Shape(parameter));
        Assert.Empty(values.Unused);
        Assert.Empty(options.Validate());
        return options;
    }

    private ModelParameter<Tensor> Parameter(JsonElement parameter, string prefix)
    {
        var shape = Shape(parameter);
        var value = tensor(Numbers(parameter.GetProperty("init")), shape, _type).requires_grad_();
        // Files say the role where the rule treats vectors or matrices of one shape differently.
        var role = parameter.TryGetProperty("role", out var said)
            ? Enum.GetValues<ParameterRole>().Single(each => SnakeCase.From(each.ToString()) == said.GetString())
            : shape.Length < 2 ? ParameterRole.Bias : ParameterRole.HiddenMatrix;
        var rowsPerHead = parameter.TryGetProperty("rows_per_head", out var rows) ? rows.GetInt32() : 1;
        return new ModelParameter<Tensor>(prefix + parameter.GetProperty("name").GetString()!, role, value,
            RowsPerHead: rowsPerHead);
    }

    /// <summary>Puts what the reference drew at random in the place of the rule's own draws.</summary>
    private void SetState(JsonElement state)
    {
        using var noGradient = no_grad();
        var tensors = _optimizer.ExportState().Tensors;
        foreach (var entry in state.EnumerateObject())
        {
            var own = tensors.Where(tensor => tensor.Key.EndsWith($":{entry.Name}", StringComparison.Ordinal)
                || tensor.Key.EndsWith($":copy of {entry.Name}", StringComparison.Ordinal)).ToList();
            Assert.Equal(_copies, own.Count);
            foreach (var (_, target) in own) target.copy_(tensor(Numbers(entry.Value), target.shape, _type));
        }
    }

    /// <summary>The same for what the reference draws at every step; steps without draws are null.</summary>
    private void SetDraws(IReadOnlyList<JsonElement> draws)
    {
        var order = _parameters.Select((parameter, index) => (parameter.Name, index)).ToDictionary();
        foreach (var rule in _optimizer.Rules.OfType<Kron>())
            rule.Probe = (slot, _, step, shape) =>
                tensor(Numbers(draws[(int)step - 1][order[slot.Name]]), shape, _type);
    }

    private void SetGradients(JsonElement gradients)
    {
        foreach (var (parameter, gradient) in _parameters.Zip(Copied(gradients)))
            Gradients.Set(parameter.Value, tensor(Numbers(gradient), parameter.Value.shape, _type));
    }

    private (double, string) Worse((double Deviation, string Where) worst, JsonElement expected, string when)
    {
        foreach (var (parameter, values) in _parameters.Zip(Copied(expected)))
        {
            using var scope = NewDisposeScope();
            var actual = parameter.Value.detach().to_type(ScalarType.Float64).data<double>().ToArray();
            var deviation = actual.Zip(Numbers(values), (a, b) => Math.Abs(a - b)).Max();
            if (!(deviation <= worst.Deviation)) worst = (deviation, $"{parameter.Name} at {when}");
        }
        return worst;
    }

    private IEnumerable<JsonElement> Copied(JsonElement list)
        => Enumerable.Repeat(list.EnumerateArray(), _copies).SelectMany(all => all);

    private long BatchSize() => new Hyperparameters(_file.GetProperty("hyperparameters")).Whole("bs", 1);

    private static long[] Shape(JsonElement parameter)
        => [.. parameter.GetProperty("shape").EnumerateArray().Select(x => x.GetInt64())];

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(x => x.GetDouble())];
}
