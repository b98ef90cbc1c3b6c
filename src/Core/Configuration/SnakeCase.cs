using System.Text.Json;

namespace PretrainBench.Core.Configuration;

/// <summary>Turns names of the code (LearningRate) into names of files and tables (learning_rate), as <see cref="JsonFormat"/> does.</summary>
public static class SnakeCase
{
    /// <summary>Converts a Pascal-case name.</summary>
    /// <param name="name">Such as <c>TokensPerParameter</c>.</param>
    public static string From(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    /// <summary>Converts the name of an enumeration's member.</summary>
    /// <param name="member">Such as <c>ParameterRole.HiddenMatrix</c>.</param>
    public static string From(Enum member) => From(member.ToString());
}
