using System.IO.Enumeration;
using PretrainBench.Torch;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Results;

namespace PretrainBench.Training.Loop;

/// <summary>Measures what steps do to the weights, at some of them: copies the weights before such a step. All
/// numbers are read together, when those of the step are.</summary>
internal sealed class TrainingDynamics : IDisposable
{
    private readonly DynamicsConfig _config;
    private readonly IReadOnlyList<ModelParameter<Tensor>> _parameters;
    private readonly List<(int Index, SingularValue Value)> _matrices;
    private List<Tensor>? _before;
    private Tensor? _gradientNorms;

    /// <exception cref="UserException">A name in the configuration is no matrix's.</exception>
    public TrainingDynamics(DynamicsConfig config, Decoder model, ulong seed)
    {
        (_config, _parameters) = (config, model.Parameters);
        var matrices = _parameters.Index().Where(entry => entry.Item.Value.dim() == 2).ToList();
        static bool Is(string pattern, string name)
            => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
        var wrong = config.Matrices.FirstOrDefault(
            pattern => !matrices.Exists(entry => Is(pattern, entry.Item.Name)));
        if (wrong is not null)
            throw new UserException($"execution.dynamics.matrices: no matrix is called `{wrong}`; they are called "
                + $"{string.Join(", ", matrices.Select(entry => entry.Item.Name).Take(3))} …");
        _matrices = [.. matrices.Where(entry => config.Matrices.Any(pattern => Is(pattern, entry.Item.Name)))
            .Select(entry => (entry.Index, new SingularValue(entry.Item.Value,
                SeedSequence.Derive(seed, $"dynamics:{entry.Item.Name}"))))];
    }

    /// <summary>To be called when the gradients are those that the optimizer gets.</summary>
    /// <param name="step">Steps done when this one is.</param>
    public void BeforeUpdate(int step)
    {
        if (step % _config.IntervalSteps != 0) return;
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        _before = [.. _parameters.Select(parameter => parameter.Value.clone().DetachFromDisposeScope())];
        _gradientNorms = Norms(parameter => parameter.Value.grad ?? zeros_like(parameter.Value))
            .DetachFromDisposeScope();
    }

    /// <summary>What the step has done; null where it is not measured.</summary>
    public LateDynamics? AfterUpdate()
    {
        if (_before is null || _gradientNorms is null) return null;
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (parameter, before) in _parameters.Zip(_before)) before.sub_(parameter.Value);
        var updates = stack(_before.Select(update => linalg.vector_norm(update)));
        var singular = _matrices.Select(matrix => matrix.Value.Bidiagonal());
        var numbers = cat([_gradientNorms, updates, Norms(parameter => parameter.Value), .. singular]);
        Forget();
        return new LateDynamics(new LateNumbers(numbers), Measured);
    }

    public void Dispose()
    {
        Forget();
        _matrices.ForEach(matrix => matrix.Value.Dispose());
    }

    // A number that is none has no decomposition.
    private StepDynamics Measured(double[] numbers) => Measured([.. numbers.Chunk(_parameters.Count).Take(3)],
        [.. numbers[(3 * _parameters.Count)..].Chunk(SingularValue.Numbers)
            .Select(each => each.All(double.IsFinite) ? SingularValue.Largest(each) : double.NaN)]);

    private StepDynamics Measured(double[][] norms, double[] singular) => new(
        _parameters.Index().GroupBy(entry => entry.Item.Role, entry => entry.Index).ToDictionary(
            role => SnakeCase.From(role.Key.ToString()),
            role =>
            {
                double Norm(int which) => Math.Sqrt(role.Sum(i => norms[which][i] * norms[which][i]));
                return new GroupDynamics(MetricsLine.Finite(Norm(0)), MetricsLine.Finite(Norm(1)),
                    MetricsLine.Finite(Norm(2)), MetricsLine.Finite(Norm(1) / Norm(2)));
            }),
        _matrices.Index().ToDictionary(entry => _parameters[entry.Item.Index].Name, entry => new MatrixSpectrum(
            MetricsLine.Finite(singular[entry.Index]),
            MetricsLine.Finite(Math.Pow(norms[2][entry.Item.Index] / singular[entry.Index], 2)))));

    private Tensor Norms(Func<ModelParameter<Tensor>, Tensor> of)
        => stack(_parameters.Select(parameter => linalg.vector_norm(of(parameter))));

    private void Forget()
    {
        _before?.ForEach(before => before.Dispose());
        _gradientNorms?.Dispose();
        (_before, _gradientNorms) = (null, null);
    }
}

/// <summary>What a step did, before it is read.</summary>
internal sealed class LateDynamics(LateNumbers numbers, Func<double[], StepDynamics> of) : IDisposable
{
    public StepDynamics Read() => of(numbers.Read());

    public void Dispose() => numbers.Dispose();
}
