using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Reports;

/// <summary>How a report's numbers are computed.</summary>
public sealed record ReportOptions
{
    /// <summary>The heading when nothing else is asked for: the question.</summary>
    public const string DefaultTitle = "Which optimizer should I pretrain with?";

    /// <summary>The heading.</summary>
    public string Title { get; init; } = DefaultTitle;

    /// <summary>How laws are fitted.</summary>
    public FitOptions Fit { get; init; } = new();

    /// <summary>How uncertainty is drawn.</summary>
    public BootstrapOptions Bootstrap { get; init; } = new();

    /// <summary>All that is wrong with these options.</summary>
    /// <returns>One message for each fault; empty when there is none.</returns>
    public IReadOnlyList<string> Validate() => [.. Fit.Validate(), .. Bootstrap.Validate()];
}
