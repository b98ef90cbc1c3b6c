using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Theory;

/// <summary>Turns the findings of a configuration's <c>Validate()</c> into the one error that the user reads.</summary>
internal static class LabErrors
{
    /// <summary>Throws when a configuration, or one of the records in it, has anything to report.</summary>
    /// <exception cref="UserException">At least one error was found; the message lists all of them.</exception>
    public static void ThrowIfAny(string lab, params ReadOnlySpan<IValidated> configurations)
    {
        var errors = new List<string>();
        foreach (var configuration in configurations)
            errors.AddRange(configuration.Validate().Select(error => $"{SnakeCase.From(error.Property)}: {error.Problem}"));
        ThrowIfAny(lab, errors);
    }

    /// <summary>Throws when the list is not empty.</summary>
    /// <exception cref="UserException">At least one error was found; the message lists all of them.</exception>
    public static void ThrowIfAny(string lab, IReadOnlyCollection<string> errors)
    {
        if (errors.Count == 0) return;
        var list = string.Join(Environment.NewLine, errors.Distinct().Select(error => "  - " + error));
        throw new UserException($"theory {lab}: the configuration cannot be used:{Environment.NewLine}{list}");
    }
}
