using System.Text;

namespace PretrainBench.Core.Configuration;

/// <summary>Turns names of the code (LearningRate) into names of files and tables (learning_rate).</summary>
public static class SnakeCase
{
    /// <summary>Converts a Pascal-case name.</summary>
    /// <param name="name">Such as <c>TokensPerParameter</c>.</param>
    public static string From(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = i > 0 && char.IsUpper(name[i])
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord) text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }
}
