using PretrainBench.Core;

namespace PretrainBench.Optimizers.Rules;

/// <summary>What the rules on the sphere of a hidden matrix's norm have in common.</summary>
public abstract record HyperballOptions : RuleOptions
{
    /// <summary>Marin's learning rate, the angle of a step; the norm is fixed, so that nothing decays.</summary>
    protected HyperballOptions() => LearningRate = 0.02;

    /// <inheritdoc/>
    /// <remarks>3e-3 for AdamW beside 0.02.</remarks>
    public override double CompanionLearningRateRatio => 0.15;

    public override Bundling Bundling => Bundling.SameShape;

    public override bool Serves(ParameterRole role) => role == ParameterRole.HiddenMatrix;

    public override IEnumerable<(string Property, string Problem)> Validate()
    {
        foreach (var problem in base.Validate()) yield return problem;
        if (WeightDecay > 0) yield return (nameof(WeightDecay), "must be 0: the rule keeps the norm of the weights");
    }
}
