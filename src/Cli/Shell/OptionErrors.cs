using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Cli.Shell;

/// <summary>What is wrong with a command line, in our words.</summary>
internal static partial class OptionErrors
{
    /// <summary>The message; null when nothing is wrong.</summary>
    public static string? Of(ParseResult result)
    {
        var command = result.CommandResult.Command;
        List<string> known = [.. command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name)];
        if (known.Count > 0 && result.UnmatchedTokens is [{ } word, ..] && !word.StartsWith('-'))
            return $"unknown command `{word}`{Suggestion.For(word, known)}";
        if (UnknownOption(result) is { } option)
            return $"unknown option `{option}`{Suggestion.For(option, Options(result))}";
        if (result.Errors.Count == 0) return null;
        if (known.Count > 0 && command.Action is null)
            return $"`{command.Name}` needs a command: {string.Join(", ", known)}";
        return string.Join("\n", result.Errors.Select(Of).Distinct());
    }

    /// <summary>The option that a value was given to.</summary>
    public static string NameOf(ArgumentResult argument)
        => argument.Parent is OptionResult option ? option.Option.Name : argument.Argument.Name;

    // What looks like an option and is none was taken for a value of another one, or for an argument.
    private static string? UnknownOption(ParseResult result)
    {
        var before = result.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).ToList();
        return before.Where((token, i) => token.Type == TokenType.Argument && LooksLikeOption().IsMatch(token.Value)
                && !(i > 0 && TakesAnyText(result, before[i - 1].Value)))
            .Select(token => token.Value.Split('=')[0]).FirstOrDefault();
    }

    private static bool TakesAnyText(ParseResult result, string name)
        => result.CommandResult.Command.Options.Any(option => option.Name == name && option.HelpName == "TEXT");

    private static IEnumerable<string> Options(ParseResult result)
    {
        for (SymbolResult? at = result.CommandResult; at is not null; at = at.Parent)
            if (at is CommandResult own)
                foreach (var option in own.Command.Options.Where(option => !option.Hidden
                    && (own == result.CommandResult || option.Recursive)))
                    yield return option.Name;
    }

    private static string Of(ParseError error) => error.SymbolResult switch
    {
        // Ours name the option first.
        _ when error.Message.StartsWith('`') => error.Message,
        OptionResult option => Of(option),
        ArgumentResult { Parent: OptionResult option } => Of(option),
        ArgumentResult argument => $"{argument.Argument.Name} is missing: {Lower(argument.Argument.Description)}",
        CommandResult own when error.Message.Contains('\'')
            => $"`{own.Command.Name}` has no use for `{error.Message.Split('\'')[1]}`",
        _ => error.Message,
    };

    private static string Of(OptionResult result)
    {
        var option = result.Option;
        return result.IdentifierTokenCount == 0
            ? $"`{option.Name} {option.HelpName}` is missing: {Lower(option.Description)}"
            : result.Tokens.Count == 0 ? $"`{option.Name}` needs a value: `{option.Name} {option.HelpName}`"
            : result.Tokens.Count > 1 ? $"`{option.Name}` takes one value, and {result.Tokens.Count} are given"
            : $"`{option.Name} {result.Tokens[0].Value}`: it takes `{option.Name} {option.HelpName}`";
    }

    // The beginning of a sentence, within one; "CSV" stays.
    private static string Lower(string? text)
        => text is [var first, var second, ..] && (char.IsLower(second) || second == ' ')
            ? char.ToLowerInvariant(first) + text[1..] : text ?? "";

    [GeneratedRegex("^--?[A-Za-z]")]
    private static partial Regex LooksLikeOption();
}
