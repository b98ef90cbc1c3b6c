using PretrainBench.Core.Configuration;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>The rule whose update length Shampoo takes.</summary>
public enum GraftingKind
{
    /// <summary>None: the preconditioned gradient's own length.</summary>
    None,

    /// <summary>The filtered gradient's length.</summary>
    Sgd,

    /// <summary>Ḡ/(√Σg² + ε).</summary>
    Adagrad,

    /// <summary>Ḡ/(√v + ε), v uncorrected.</summary>
    Rmsprop,

    /// <summary>Ḡ/(√(v/(1−β₂ᵗ)) + ε).</summary>
    Adam,
}

/// <summary>Settings of grafting (Anil et al., arXiv 2002.09018; Agarwal et al., arXiv 2002.11803).</summary>
public sealed record GraftingOptions : IValidated
{
    /// <summary>The rule whose length the update takes.</summary>
    public GraftingKind Kind { get; init; } = GraftingKind.Adam;

    /// <summary>Decay of the squared gradient's average, as that of the statistics.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Keeps the denominator from zero: DASH.</summary>
    public double Epsilon { get; init; } = 1e-8;

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Beta2 is < 0 or > 1) yield return (nameof(Beta2), "must be between 0 and 1");
        if (Epsilon < 0) yield return (nameof(Epsilon), "must not be negative");
    }
}

/// <summary>The grafted rule's state of one parameter.</summary>
internal sealed class Grafting
{
    private readonly GraftingOptions _options;
    private readonly Tensor? _squares;

    public Grafting(RuleState state, ParameterSlot slot, GraftingOptions options)
    {
        _options = options;
        _squares = options.Kind is GraftingKind.None or GraftingKind.Sgd
            ? null
            : state.Zeros(slot, "graft_second_moment");
    }

    public bool IsOn => _options.Kind != GraftingKind.None;

    public void Observe(Tensor gradient)
    {
        if (_squares is null) return;
        var beta2 = _options.Kind == GraftingKind.Adagrad ? 1 : _options.Beta2;
        if (beta2 != 1) _squares.mul_(beta2);
        _squares.addcmul_(gradient, gradient, ShampooOptions.NewWeight(beta2));
    }

    /// <summary>The grafted rule's update from the filtered gradient; the caller's scope owns it.</summary>
    public Tensor Direction(Tensor filtered, double step)
    {
        if (_squares is null) return filtered;
        var correction = _options.Kind == GraftingKind.Adam && _options.Beta2 < 1
            ? Math.Sqrt(1 - Math.Pow(_options.Beta2, step))
            : 1;
        // √(v/c) + ε = (√v + ε√c)/√c
        return filtered.div(_squares.sqrt().add_(_options.Epsilon * correction)).mul_(correction);
    }
}
