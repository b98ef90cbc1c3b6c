using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers;

/// <summary>The settings of one update rule on one group of parameters. A rule is registered by deriving from this
/// record and marking it with <see cref="RuleAttribute"/>; it is then found by name, bound from configuration, tested
/// and benchmarked.</summary>
public abstract record RuleOptions : IValidated
{
    private const double MostLearningRate = 1e6;

    /// <summary>The peak learning rate; the schedule multiplies it by at most 1.</summary>
    public double LearningRate { get; init; }

    /// <summary>w: how strongly weights are pulled towards zero; 0 for norms and biases unless a group says
    /// otherwise.</summary>
    public double WeightDecay { get; init; }

    /// <summary>How the coefficient reaches the weights.</summary>
    public WeightDecayKind WeightDecayKind { get; init; } = WeightDecayKind.Coupled;

    /// <summary>Whether parameters are updated together where the rule can, with the same result up to rounding; null
    /// for where it is faster: on GPUs.</summary>
    public bool? Bundled { get; init; }

    /// <summary>Which parameters can be updated together under these settings.</summary>
    public virtual Bundling Bundling => Bundling.None;

    /// <summary>Builds the rule for a group of parameters.</summary>
    public abstract UpdateRule Create(RuleContext context);

    /// <summary>Whether the rule is meant for a role; AdamW gets the others unless a group says otherwise.</summary>
    public virtual bool Serves(ParameterRole role) => true;

    /// <summary>These settings as they apply to one role when the group does not say otherwise; vectors are not
    /// decayed. A tied embedding also serves as the output projection.</summary>
    public virtual RuleOptions ForRole(ParameterRole role, bool tiedEmbedding)
        => role is ParameterRole.Norm or ParameterRole.Bias ? this with { WeightDecay = 0 } : this;

    /// <summary>Whether this is the rule that serves the roles that another rule does not.</summary>
    public virtual bool IsCompanion => false;

    /// <summary>The learning rate of the AdamW that serves the other roles, as a multiple of this rule's.</summary>
    public virtual double CompanionLearningRateRatio => 1;

    public virtual IEnumerable<(string Property, string Problem)> Validate()
    {
        if (!(LearningRate is > 0 and <= MostLearningRate))
            yield return (nameof(LearningRate), $"must be above 0 and at most {MostLearningRate:0}");
        if (WeightDecay < 0) yield return (nameof(WeightDecay), "must not be negative");
    }

    /// <summary>Whether a parameter is updated faster together with others: on a GPU, in general.</summary>
    public virtual bool IsFasterBundled(Tensor parameter) => parameter.is_cuda;

    public double ScheduledLearningRate(OptimizerStep step) => LearningRate * step.ScheduleFactor;

    /// <summary>The fraction by which all weights shrink in a step; 0 for <see cref="WeightDecayKind.Gradient"/> and
    /// <see cref="WeightDecayKind.Cautious"/>.</summary>
    public double Shrinkage(OptimizerStep step) => WeightDecayKind switch
    {
        WeightDecayKind.Coupled => LearningRate * step.ScheduleFactor * WeightDecay,
        WeightDecayKind.Independent => step.ScheduleFactor * WeightDecay,
        WeightDecayKind.Corrected => LearningRate * step.ScheduleFactor * step.ScheduleFactor * WeightDecay,
        _ => 0,
    };

    /// <summary>The problem of a decay factor outside [0, 1), for <see cref="Validate"/>.</summary>
    protected static IEnumerable<(string Property, string Problem)> CheckBeta(string property, double value)
    {
        if (value is < 0 or >= 1) yield return (property, "must be at least 0 and less than 1");
    }

    /// <summary>The problem of cautious decay under a rule that decays by another rate than lr·w.</summary>
    protected IEnumerable<(string Property, string Problem)> CheckNotCautious()
        => WeightDecayKind == WeightDecayKind.Cautious
            ? [(nameof(WeightDecayKind), "`cautious` is not for this rule, which decays by a rate of its own")]
            : [];

    /// <summary>The problem of a number that must be positive, for <see cref="Validate"/>.</summary>
    protected static IEnumerable<(string Property, string Problem)> CheckPositive(string property, double value)
    {
        if (value <= 0) yield return (property, "must be greater than 0");
    }
}

/// <summary>What a rule is built from, beside its settings.</summary>
/// <param name="Parameters">The parameters that it updates, in the model's order.</param>
/// <param name="Seed">The run's seed, for rules that draw random numbers.</param>
public sealed record RuleContext(IReadOnlyList<ModelParameter<Tensor>> Parameters, ulong Seed);

/// <summary>How the weight decay coefficient w reaches the weights; lr is the scheduled and peak the highest learning
/// rate.</summary>
public enum WeightDecayKind
{
    /// <summary>Decoupled from the gradient, coupled to the learning rate: W shrinks by lr·w (Loshchilov and Hutter,
    /// arXiv 1711.05101, as in PyTorch).</summary>
    Coupled,

    /// <summary>Independent of the peak learning rate: W shrinks by (lr/peak)·w.</summary>
    Independent,

    /// <summary>Corrected for the schedule: W shrinks by lr·(lr/peak)·w (Defazio, arXiv 2506.02285; Meta's Distributed
    /// Shampoo).</summary>
    Corrected,

    /// <summary>Added to the gradient, w·W, before anything else sees it (L2 regularisation).</summary>
    Gradient,

    /// <summary>As <see cref="Coupled"/>, but only where the step moves a weight towards zero or not at all (Chen et
    /// al., Cautious Weight Decay, arXiv 2510.12402).</summary>
    Cautious,
}
