using System.Globalization;

namespace PretrainBench.Core.Configuration;

/// <summary>How single values are written: numbers with K, M, B; enumerations in snake_case.</summary>
internal static class ConfigScalars
{
    // Beyond it fractions of 64 bits skip whole numbers.
    private const long LargestWhole = 9_000_000_000_000_000;

    public static bool Handles(Type type)
        => type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long)
            || type == typeof(double) || type == typeof(ulong) || type.IsEnum;

    public static string Describe(Type type)
        => type == typeof(bool) ? "true or false"
            : type == typeof(int) || type == typeof(long) ? "a whole number (such as 4096 or 4.9M)"
            : type == typeof(ulong) ? "a whole number that is not negative"
            : type == typeof(double) ? "a number (such as 0.1 or 3e-3)"
            : type.IsEnum ? "one of " + string.Join(", ", NamesOf(type))
            : "a text";

    public static string Hint(Type type, string text)
        => type.IsEnum
            ? Suggestion.Of(text, NamesOf(type)) is { } name ? $"; did you mean `{name}`?" : ""
            : IsTooLarge(type, text) ? $", of at most {LargestOf(type).ToString(CultureInfo.InvariantCulture)}"
            : text.Any(char.IsLetter) && text.Any(char.IsDigit)
                ? "; units are in the key's name, only K, M and B may follow a number"
                : "";

    public static bool TryParse(Type type, string text, out object? value)
    {
        value = null;
        if (type == typeof(string)) value = text;
        else if (type == typeof(bool))
            value = text switch { "true" or "yes" or "on" => true, "false" or "no" or "off" => false, _ => null };
        else if (type == typeof(double)) value = Quantity.TryParse(text, out var number) ? number : null;
        else if (type == typeof(ulong))
            value = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : null;
        else if (type.IsEnum)
            value = Enum.GetValues(type).Cast<Enum>().FirstOrDefault(member => SnakeCase.From(member) == text);
        else if (!TryWhole(text, out var whole)) return false;
        else if (type == typeof(long)) value = whole;
        else if (whole is >= int.MinValue and <= int.MaxValue) value = (int)whole;
        return value is not null;
    }

    /// <summary>A value as <see cref="TryParse"/> reads it back, to the last bit.</summary>
    public static string Write(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        Enum member => SnakeCase.From(member),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static bool IsTooLarge(Type type, string text)
        => (type == typeof(int) || type == typeof(long)) && Quantity.TryParse(text, out var number)
            && number == Math.Round(number) && Math.Abs(number) > LargestOf(type);

    private static long LargestOf(Type type) => type == typeof(int) ? int.MaxValue : LargestWhole;

    private static IEnumerable<string> NamesOf(Type type) => Enum.GetNames(type).Select(SnakeCase.From);

    private static bool TryWhole(string text, out long whole)
    {
        whole = 0;
        var digits = text.Replace("_", "");
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole)) return true;
        if (!Quantity.TryParse(text, out var number) || number != Math.Round(number)
            || Math.Abs(number) > LargestWhole) return false;
        whole = (long)number;
        return true;
    }
}
