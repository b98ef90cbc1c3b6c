using System.CommandLine;
using System.CommandLine.Parsing;
using PretrainBench.Core;

namespace PretrainBench.Cli.Shell;

/// <summary>How values of options are written, for every command alike: numbers may end in K, M, B or T, and lists of
/// numbers and names take spaces or commas.</summary>
internal static class OptionValues
{
    private const string AnyNumber = "a number, such as 0.1, 3e-3, 100M or 1.2B";

    /// <summary>Sets the readers of a command's options and of those of its subcommands.</summary>
    public static void SetReaders(Command command)
    {
        foreach (var option in command.Options) SetReader(option);
        foreach (var subcommand in command.Subcommands) SetReaders(subcommand);
    }

    private static void SetReader(Option option)
    {
        switch (option)
        {
            case Option<double> number: number.CustomParser = Number; break;
            case Option<double?> number: number.CustomParser = result => Number(result); break;
            case Option<double[]> numbers: numbers.CustomParser = Numbers; break;
            case Option<int> whole: whole.CustomParser = Whole; break;
            case Option<int?> whole: whole.CustomParser = result => Whole(result); break;
            // A path may hold a comma.
            case Option<string[]> names when option.HelpName?.Contains("PATH", StringComparison.Ordinal) != true:
                names.CustomParser = result => [.. Items(result)];
                break;
            default: break;
        }
    }

    private static IEnumerable<string> Items(ArgumentResult result)
        => result.Tokens.SelectMany(token => token.Value.Split(',',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static double Number(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (!Quantity.TryParse(text, out var number)) Refuse(result, text, AnyNumber);
        return number;
    }

    private static double[] Numbers(ArgumentResult result)
    {
        var numbers = new List<double>();
        foreach (var item in Items(result))
            if (Quantity.TryParse(item, out var number)) numbers.Add(number);
            else Refuse(result, item, AnyNumber);
        return [.. numbers];
    }

    private static int Whole(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Quantity.TryParse(text, out var number) && Math.Abs(number) <= int.MaxValue && number == Math.Floor(number))
            return (int)number;
        Refuse(result, text, "a whole number, such as 4096 or 32K");
        return 0;
    }

    private static void Refuse(ArgumentResult result, string text, string wanted)
        => result.AddError($"`{OptionErrors.NameOf(result)} {text}`: is not {wanted}");
}
