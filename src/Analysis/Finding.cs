using System.Text.Json.Serialization;

namespace PretrainBench.Analysis;

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>Worth knowing.</summary>
    [JsonStringEnumMemberName("note")]
    Note,

    /// <summary>Conclusions may not hold.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>A comparison between optimizers is not fair as it stands.</summary>
    [JsonStringEnumMemberName("unfair")]
    Unfair,
}

/// <summary>Something that a reader of the results must be told.</summary>
/// <param name="Code">A stable word for scripts, such as <c>exponent-at-bound</c>.</param>
/// <param name="Message">One or two sentences with the numbers.</param>
public sealed record Finding(Severity Severity, string Code, string Message)
{
    /// <summary>Whether it is about the runs, whatever law is fitted to them.</summary>
    [JsonIgnore]
    public bool IsOfTable { get; init; }
}

/// <summary>Adds findings to a list.</summary>
internal static class FindingList
{
    public static void Note(this List<Finding> findings, string code, string message)
        => findings.Add(new(Severity.Note, code, message));

    public static void Warn(this List<Finding> findings, string code, string message)
        => findings.Add(new(Severity.Warning, code, message));

    public static void Unfair(this List<Finding> findings, string code, string message)
        => findings.Add(new(Severity.Unfair, code, message));
}
