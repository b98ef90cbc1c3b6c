using System.Text.Json;

namespace PretrainBench.Optimizers.Tests.Golden;

/// <summary>The golden files: this project's, and those of the folders in PRETRAINBENCH_GOLDENS.</summary>
public static class GoldenFiles
{
    private const string TrajectorySchema = "optimizer-golden/1";
    private const string FunctionSchema = "optimizer-golden-fn/1";

    public static TheoryData<string> Trajectories()
    {
        var data = new TheoryData<string>();
        foreach (var path in All().Where(path => SchemaOf(path) == TrajectorySchema))
            data.Add(Path.GetFileNameWithoutExtension(path));
        return data;
    }

    /// <summary>The file of a name that <see cref="Trajectories"/> gave.</summary>
    public static JsonElement Trajectory(string name)
        => Read(All().First(path => Path.GetFileNameWithoutExtension(path) == name));

    /// <summary>The cases of all files about one function, with the file itself for its tolerance.</summary>
    public static IReadOnlyList<(JsonElement File, JsonElement Case)> Cases(string function)
    {
        var cases = new List<(JsonElement, JsonElement)>();
        foreach (var path in All().Where(path => SchemaOf(path) == FunctionSchema))
        {
            var file = Read(path);
            if (file.GetProperty("function").GetString() == function)
                cases.AddRange(file.GetProperty("cases").EnumerateArray().Select(item => (file, item)));
        }
        return cases.Count > 0 ? cases : throw new InvalidOperationException($"no golden file about {function}");
    }

    public static JsonElement Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return document.RootElement.Clone();
    }

    private static IEnumerable<string> All()
    {
        var own = Path.Combine(AppContext.BaseDirectory, "Data", "golden");
        var further = (Environment.GetEnvironmentVariable("PRETRAINBENCH_GOLDENS") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries);
        return further.Prepend(own)
            .SelectMany(folder => Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal));
    }

    private static string? SchemaOf(string path)
        => Read(path).TryGetProperty("schema", out var schema) ? schema.GetString() : null;
}
