using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using PretrainBench.Core;
using PretrainBench.Core.Files;
using TorchSharp;

namespace PretrainBench.Optimizers;

/// <summary>Writes a new rule into a checkout: complete, and training at once. The templates are the rule
/// <c>example</c>, which the battery tests.</summary>
public static partial class RuleScaffold
{
    private const string Project = "PretrainBench.sln";

    /// <summary>Writes the rule, its configuration, its page and the mapping of its golden files.</summary>
    /// <param name="name">The name in configurations, in kebab-case.</param>
    /// <param name="checkout">The checkout's folder.</param>
    /// <returns>The files, relative to the checkout.</returns>
    /// <exception cref="UserException">The name cannot be a rule's, or one of the files is there.</exception>
    public static IReadOnlyList<string> Write(string name, string checkout)
    {
        var type = TypeNameOf(name);
        if (!File.Exists(Path.Combine(checkout, Project)))
            throw new UserException($"{checkout}: is no checkout of PretrainBench, which has {Project}; name one with "
                + "`--folder`");
        var files = new Dictionary<string, string>
        {
            [$"src/Optimizers/Rules/{type}.cs"] = "Example.cs",
            [$"configs/optimizers/{name}.yaml"] = "example.yaml",
            [$"docs/optimizers/{name}.md"] = "example.md",
            [$"tests/Optimizers/Golden/{type}Mapping.cs"] = "ExampleMapping.cs",
        };
        if (files.Keys.FirstOrDefault(file => Path.Exists(Path.Combine(checkout, file))) is { } present)
            throw new UserException($"{present}: is there already, and is not overwritten; nothing was written");
        var written = new List<string>();
        try
        {
            foreach (var (file, template) in files)
            {
                var path = Path.Combine(checkout, file);
                AtomicFile.TryPublishText(path, Text(template).Replace("Example", type).Replace("example", name));
                written.Add(path);
            }
        }
        catch
        {
            // Half a rule would be refused as one that is there.
            written.ForEach(File.Delete);
            throw;
        }
        return [.. files.Keys];
    }

    private static string TypeNameOf(string name)
    {
        if (!KebabCase().IsMatch(name))
            throw new UserException($"`{name}` is no name for a rule: small letters and digits, words joined by `-`, "
                + "beginning with a letter, at most 40 characters, such as `sign-momentum`");
        if (RuleRegistry.Find(name) is not null) throw new UserException($"there is an optimizer `{name}` already");
        var type = string.Concat(name.Split('-').Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase));
        return Seen().Contains(type)
            ? throw new UserException($"`{name}` would be the class {type}, which exists already; choose another name")
            : type;
    }

    // Beside these a rule's class would hide what other rules mean by the name.
    private static HashSet<string> Seen()
        => [.. new[] { typeof(RuleScaffold).Assembly, typeof(UserException).Assembly, typeof(object).Assembly }
            .SelectMany(assembly => assembly.GetTypes()).Concat(typeof(torch).GetNestedTypes())
            .Select(seen => seen.Name).Append("Example")];

    private static string Text(string template)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(template)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("^(?=.{1,40}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex KebabCase();
}
