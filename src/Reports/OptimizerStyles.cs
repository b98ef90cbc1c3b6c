using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports;

/// <summary>Gives each optimizer the same colour and shape in every chart of a report; the reference comes
/// first.</summary>
internal sealed class OptimizerStyles
{
    private readonly List<string> _order;

    public OptimizerStyles(ReportInput input)
        => _order = [.. input.Table.Optimizers.OrderBy(name => name != input.Reference)
            .ThenBy(name => name, StringComparer.Ordinal)];

    /// <summary>The optimizers, the reference first.</summary>
    public IReadOnlyList<string> Order => _order;

    public SeriesStyle this[string optimizer] => SeriesStyle.For(Math.Max(0, _order.IndexOf(optimizer)));
}
