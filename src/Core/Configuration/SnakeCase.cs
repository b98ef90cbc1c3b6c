using System.Text.Json;

namespace PretrainBench.Core.Configuration;

/// <summary>Turns names of the code (LearningRate) into names of files and tables (learning_rate).</summary>
public static class SnakeCase
{
    /// <summary>Converts a Pascal-case name, as <see cref="JsonFormat"/> does.</summary>
    public static string From(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    /// <summary>Converts the name of an enumeration's member.</summary>
    public static string From(Enum member) => From(member.ToString());
}
