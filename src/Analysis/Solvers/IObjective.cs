namespace PretrainBench.Analysis.Solvers;

/// <summary>A smooth function of a few variables with an analytic gradient.</summary>
internal interface IObjective
{
    /// <summary>The number of variables.</summary>
    int Dimension { get; }

    /// <summary>The value at x; the gradient goes into <paramref name="gradient"/>. Not finite outside the domain.</summary>
    double Evaluate(ReadOnlySpan<double> x, Span<double> gradient);
}

/// <summary>A function that gives its Hessian too.</summary>
internal interface ICurvedObjective : IObjective
{
    /// <summary>As <see cref="IObjective.Evaluate"/>, with the full symmetric Hessian, row-major.</summary>
    double Evaluate(ReadOnlySpan<double> x, Span<double> gradient, Span<double> hessian);
}
