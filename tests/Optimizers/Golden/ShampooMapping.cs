using System.Text.Json;
using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Optimizers.Tests.Golden;

public sealed class ShampooMapping : IGoldenMapping
{
    public string Optimizer => "shampoo";

    public RuleOptions Map(Hyperparameters values, double learningRate, long[] shape)
    {
        var options = new ShampooOptions
        {
            LearningRate = learningRate,
            WeightDecay = values.Number("weight_decay", 0),
            WeightDecayKind = values.Choice("weight_decay_type", "decoupled", ("decoupled", WeightDecayKind.Coupled),
                ("l2", WeightDecayKind.Gradient),
                ("corrected", WeightDecayKind.Corrected), ("independent", WeightDecayKind.Independent)),
            Beta1 = values.Number("beta1"),
            Beta2 = values.Number("beta2"),
            Beta3 = values.Find("beta3") is { } beta3 && beta3.GetDouble() >= 0 ? beta3.GetDouble() : null,
            Epsilon = values.Number("epsilon"),
            MaxPreconditionerDimension = values.Whole("max_preconditioner_dim", 1024),
            MergeDimensions = values.Text("target_parameter_dimensionality") != "inf",
            TargetDimensions = values.Find(
                "target_parameter_dimensionality") is { ValueKind: JsonValueKind.Number } target
                    ? target.GetInt32()
                    : 1,
            PreconditionFrequency = values.Whole("precondition_frequency", 1),
            StartStep = values.Whole("start_preconditioning_step", 1),
            BiasCorrection = values.Truth("use_bias_correction", true),
            Preconditioner =
                values.Choice("preconditioner", "root-inverse", ("root-inverse", ShampooPreconditioner.RootInverse),
                ("eigenvalue-corrected", ShampooPreconditioner.EigenvalueCorrected)),
            TraceScaling = values.Truth("trace_scaling", false),
            Grafting = Grafting(values.Nested("grafting")),
            InverseExponents = values.Find("inverse_exponent_override") is { ValueKind: JsonValueKind.Object } exponents
                ? exponents.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetDouble()) : [],
        };
        return WithMomentum(WithRoots(options, values), values.Nested("momentum"));
    }

    /// <summary>The method is a name with its settings beside it, or an object with both.</summary>
    private static ShampooOptions WithRoots(ShampooOptions options, Hyperparameters values)
    {
        var nested = values.Nested("root_inverse") ?? values.Nested("coupled_newton");
        var source = nested ?? values;
        var method = nested is null ? Method(values, "root_inverse") : Method(nested, "type");
        return options with
        {
            RootMethod = method,
            NewtonIterations = source.Whole("max_iterations", values.Whole("max_iterations", 100)),
            NewtonTolerance =
                source.Number("root_tolerance", source.Number("tolerance", values.Number("root_tolerance", 1e-6))),
        };
    }

    private static InverseRootMethod Method(Hyperparameters values, string name)
        => values.Choice(name, "eigh", ("eigh", InverseRootMethod.Eigen),
            ("coupled-newton", InverseRootMethod.CoupledNewton));

    private static GraftingOptions Grafting(Hyperparameters? values)
        => values is null ? new GraftingOptions { Kind = GraftingKind.None } : new GraftingOptions
        {
            Kind = values.Choice("type", "adam", ("sgd", GraftingKind.Sgd), ("adagrad", GraftingKind.Adagrad),
                ("rmsprop", GraftingKind.Rmsprop), ("adam", GraftingKind.Adam)),
            Beta2 = values.Number("beta2", 0.999),
            Epsilon = values.Number("epsilon", 1e-8),
        };

    private static ShampooOptions WithMomentum(ShampooOptions options, Hyperparameters? values)
    {
        if (values is null) return options;
        values.Choice("type", "classic", ("classic", 0));
        return options with
        {
            Momentum = values.Number("momentum"),
            Dampening = values.Number("dampening", 0),
            Nesterov = values.Truth("nesterov", false),
        };
    }
}
