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
/// <param name="Severity">How much it matters.</param>
/// <param name="Code">A stable word for scripts, such as <c>exponent-at-bound</c>.</param>
/// <param name="Message">One or two sentences with the numbers.</param>
public sealed record Finding(Severity Severity, string Code, string Message);
