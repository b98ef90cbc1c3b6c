using PretrainBench.Core;
using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="Scion"/>.</summary>
[Rule("scion", "steps to the boundary of a norm ball per layer, constrained or not")]
public sealed record ScionOptions : RuleOptions
{
    /// <summary>The reference's 2⁻¹² for GPT-2; the constrained rule decays by the learning rate itself and has no
    /// other decay.</summary>
    public ScionOptions() => LearningRate = 1.0 / 4096;

    /// <summary>The weight of the new gradient in the momentum, 1 minus the usual momentum; 1 keeps none. The
    /// reference.</summary>
    public double GradientWeight { get; init; } = 0.1;

    /// <summary>Whether weights only take the step, and are not also pulled into the ball of radius
    /// <see cref="Radius"/>.</summary>
    public bool Unconstrained { get; init; }

    /// <summary>Whose unit ball the layer's steps are taken from; <see cref="ScionNorm.Auto"/> is by role, as the
    /// reference: sign for the head or a tied embedding, ColNorm of each token for an untied one.</summary>
    public ScionNorm Norm { get; init; } = ScionNorm.Auto;

    /// <summary>The ball's radius, which is also the step's size per unit of learning rate: the reference; 3000 for the
    /// head or a tied embedding, 1 for vectors.</summary>
    public double Radius { get; init; } = 50;

    /// <summary>Whether the dimensions scale the ball; null for the norm's default (only ColNorm's is no).</summary>
    public bool? Normalized { get; init; }

    /// <summary>ColNorm and RowNorm act on the transpose: ColNorm then treats each row of a [tokens, features]
    /// embedding.</summary>
    public bool Transpose { get; init; }

    /// <summary>Spectral's √(m/n) is raised to at least 1.</summary>
    public bool AtLeastOne { get; init; }

    /// <summary>Keeps norms of rows, columns and vectors from zero.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Whether weights start on the ball's sphere, as the reference, instead of where the model put them.
    /// Deviation: off by default, so that all optimizers of a comparison start from the same point.</summary>
    public bool InitialiseWeights { get; init; }

    /// <summary>The Newton–Schulz iteration of the spectral norm.</summary>
    public OrthogonalisationOptions Orthogonalisation { get; init; } = new();

    public override Bundling Bundling => Bundling.SameShape;

    public override bool IsFasterBundled(Tensor parameter) => Orthogonalisation.IsFasterStacked(parameter);

    public override UpdateRule Create(RuleContext context) => new Scion(this, context);

    /// <inheritdoc/>
    /// <remarks>The reference's GPT-2 settings: Sign of radius 3,000 for the head or tied embedding, ColNorm of each
    /// token for an untied one. Gains start at 1, so their ball has RMS 1.</remarks>
    public override RuleOptions ForRole(ParameterRole role, bool tiedEmbedding) => role switch
    {
        _ when Norm != ScionNorm.Auto => this,
        ParameterRole.Head => this with { Norm = ScionNorm.Sign, Radius = 3000 },
        ParameterRole.Embedding when tiedEmbedding => this with { Norm = ScionNorm.Sign, Radius = 3000 },
        ParameterRole.Embedding => this with { Norm = ScionNorm.ColNorm, Transpose = true },
        ParameterRole.Norm or ParameterRole.Bias => this with { Norm = ScionNorm.BiasRms, Radius = 1 },
        _ => this,
    };

    public override IEnumerable<(string Property, string Problem)> Validate()
    {
        foreach (var problem in base.Validate()) yield return problem;
        if (GradientWeight is <= 0 or > 1)
            yield return (nameof(GradientWeight), "must be greater than 0 and at most 1");
        if (Radius <= 0) yield return (nameof(Radius), "must be greater than 0");
        if (WeightDecay != 0 && !Unconstrained)
            yield return (nameof(WeightDecay),
                "the constrained rule decays by the learning rate itself; set unconstrained: true to choose a decay");
    }

    internal UnitBall BallFor(ParameterSlot slot)
    {
        var norm = Norm != ScionNorm.Auto ? Norm : slot.Shape.Length < 2 ? ScionNorm.BiasRms : ScionNorm.Spectral;
        return new UnitBall(norm, Normalized ?? norm != ScionNorm.ColNorm, Transpose, AtLeastOne, Epsilon);
    }
}
