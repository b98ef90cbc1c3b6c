using PretrainBench.Core;

namespace PretrainBench.Theory;

/// <summary>Turns the findings of a configuration's <c>Validate()</c> into the one error that the user reads.</summary>
internal static class LabErrors
{
    /// <summary>Throws when there is anything to report.</summary>
    /// <exception cref="UserException">At least one error was found; the message lists all of them.</exception>
    public static void ThrowIfAny(string lab, IReadOnlyList<string> errors)
    {
        if (errors.Count == 0) return;
        string list = string.Join(Environment.NewLine, errors.Select(error => "  - " + error));
        throw new UserException($"theory {lab}: the configuration cannot be used:{Environment.NewLine}{list}");
    }
}
