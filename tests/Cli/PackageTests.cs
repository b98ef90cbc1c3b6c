using System.Globalization;
using System.Text.RegularExpressions;
using PretrainBench.Tests;

namespace PretrainBench.Cli.Tests;

/// <summary>The way of one who wants the optimizers alone: the package, and the sample that takes it, far from this
/// repository.</summary>
public sealed partial class PackageTests : IDisposable
{
    // A version that no cache has, and a folder of its own for what is taken from the package.
    private readonly string _suffix = $"test.{Guid.NewGuid():N}";
    private readonly string _folder = Directory.CreateTempSubdirectory("pretrainbench-package").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_program_elsewhere_trains_with_the_package_and_goes_on_from_files()
    {
        Succeed($"dotnet pack src/Optimizers -c Release --version-suffix {_suffix} -o {_folder}/feed {Alone} "
            + $"-p:ArtifactsPath={_folder}/artifacts");
        var package = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "feed")));
        var version = Path.GetFileNameWithoutExtension(package)["PretrainBench.Optimizers.".Length..];
        var sample = Path.Combine(Repository.Root, "samples", "ShareMuon");
        Assert.Contains($">{version[..^(_suffix.Length + 1)]}</PretrainBenchVersion>",
            File.ReadAllText(Path.Combine(sample, "ShareMuon.csproj")), StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(_folder, "nuget.config"), NugetConfig);
        Succeed($"""
            unset NUGET_PACKAGES
            mkdir {_folder}/own
            cp {sample}/*.cs* {_folder}/own
            dotnet build {_folder}/own -c Release {Alone} -p:PretrainBenchVersion={version} \
              -p:CreateHardLinksForCopyLocalIfPossible=true
            """);
        var assets = File.ReadAllText(Path.Combine(_folder, "own", "obj", "project.assets.json"));
        Assert.Matches($@"""PretrainBench.Optimizers/{Regex.Escape(version)}"": {{\s+""type"": ""package"",\s+"
            + @"""dependencies"": {\s+""TorchSharp"": ""[\d.]+"",\s+""YamlDotNet"": ""[\d.]+""\s+}", assets);

        var lines = Succeed($"{_folder}/own/bin/Release/net10.0/ShareMuon").TrimEnd().Split('\n');
        Assert.Equal(["muon", "soap", "shampoo"], lines.Select(line => line.Split(':')[0]));
        Assert.All(lines, line =>
        {
            Assert.EndsWith(", the same from the files", line, StringComparison.Ordinal);
            var losses = Loss().Matches(line).Select(loss => double.Parse(loss.Value, CultureInfo.InvariantCulture));
            // Sums modulo 16: a model that has learned nothing is at log 16.
            Assert.True(losses.First() > Math.Log(16) - 0.5 && losses.Last() < 0.5, line);
        });
    }

    // No worker stays behind; the analyzers have seen the sources when the repository was built.
    private const string Alone = "-nologo -v q -m:1 -nodeReuse:false -p:RunAnalyzers=false";

    private static string Cache => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    // All else is there already, where this repository was built; what is not comes from the usual sources.
    private static string NugetConfig => $"""
        <configuration>
          <config><add key="globalPackagesFolder" value="packages" /></config>
          <fallbackPackageFolders><add key="cache" value="{Cache}" /></fallbackPackageFolders>
          <packageSources><add key="packed" value="feed" /></packageSources>
        </configuration>
        """;

    private static string Succeed(string script)
    {
        var outcome = Pretrainbench.RunScript(Repository.Root, "set -e\n" + script);
        Assert.True(outcome.ExitCode == 0, $"{script}: {outcome.Error}{outcome.Output}");
        return outcome.Output;
    }

    [GeneratedRegex(@"\d\.\d{3}")]
    private static partial Regex Loss();
}
