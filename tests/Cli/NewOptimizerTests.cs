using System.Text.Json;
using PretrainBench.Tests;

namespace PretrainBench.Cli.Tests;

/// <summary>The way of one who adds an optimizer: begun in a copy of the checkout, built, trained, changed,
/// broken.</summary>
[Collection(SharedWorkspace.Name)]
public sealed class NewOptimizerTests : IDisposable
{
    private readonly Workspace _workspace;
    private readonly string _checkout = Directory.CreateTempSubdirectory("pretrainbench-checkout").FullName;
    private readonly string _program;
    private readonly string _rule;

    public NewOptimizerTests(Workspace workspace)
    {
        _workspace = workspace;
        _program = Path.Combine(_checkout, "program");
        _rule = Path.Combine(_checkout, "src", "Optimizers", "Rules", "SignMomentum.cs");
        // What the optimizers are built from, and the program as it is; libtorch is not copied.
        Succeed($"""
            cp Directory.* *.targets global.json .editorconfig *.sln BannedSymbols.txt {_checkout}
            mkdir {_checkout}/src {_checkout}/scripts {_program}
            cp -r src/*.txt src/Core src/Torch src/Optimizers {_checkout}/src
            cp -r scripts/build {_checkout}/scripts
            cd {AppContext.BaseDirectory}
            cp *.dll *.xml *.json pretrainbench {_program}
            ln -s $PWD/runtimes {_program}
            """);
    }

    public void Dispose() => Directory.Delete(_checkout, recursive: true);

    [Fact]
    public void A_new_rule_trains_at_once_and_its_mistakes_are_told_with_their_place()
    {
        var begun = Pretrainbench.MustSucceed(_checkout, "optimizers", "new", "sign-momentum");
        Assert.StartsWith("src/Optimizers/Rules/SignMomentum.cs\n", begun.Output, StringComparison.Ordinal);
        Succeed(Build());
        Assert.Contains("\nsign-momentum ", Succeed($"{Changed} optimizers list"), StringComparison.Ordinal);
        Assert.Contains("\nmomentum: 0.95\n", Succeed($"{Changed} optimizers show sign-momentum"),
            StringComparison.Ordinal);
        var result = Succeed($"{Train("begun")} budget.tokens=12800 --json");
        // 300 tokens: a model that has learned nothing is at log 300.
        Assert.True(JsonDocument.Parse(result).RootElement.GetProperty("final_loss").GetDouble()
            < Math.Log(300) - 0.5, result);

        // A prototype: no comments, a using too many, and a product that does not fit.
        var lines = File.ReadAllLines(_rule).Where(line => !line.Contains("///", StringComparison.Ordinal));
        File.WriteAllText(_rule, "using System.Text;\n" + string.Join('\n', lines)
            .Replace("momentum.sign()", "momentum.mm(momentum.mT).mm(gradient.mT)", StringComparison.Ordinal));
        Succeed(Build() + " --no-restore --no-dependencies -p:Prototype=true");
        var failed = Run(Train("broken"));
        Assert.Equal(1, failed.ExitCode);
        Assert.Matches(@"the rule `sign-momentum` failed on `[\w.]+` \[[\d, ]+\] at step 0: \w", failed.Error);
        Assert.DoesNotContain("frame #", failed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("defect", failed.Error, StringComparison.Ordinal);
    }

    private string Changed => Path.Combine(_program, "pretrainbench");

    // No worker stays behind, and the program takes up what was built.
    private string Build() => $"dotnet build {_checkout}/src/Optimizers -c Release -o {_program} -nologo -v q "
        + "-m:1 -nodeReuse:false";

    private string Train(string folder)
        => $"{Changed} train {_workspace.Folder}/run.yaml data.folder={_workspace.Folder}/data "
            + $"'optimizer={{name: sign-momentum, learning_rate: 1e-2}}' --folder {_checkout}/{folder}";

    private static Pretrainbench.Outcome Run(string script)
        => Pretrainbench.RunScript(Repository.Root, "set -e\n" + script);

    private static string Succeed(string script)
    {
        var outcome = Run(script);
        Assert.True(outcome.ExitCode == 0, $"{script}: {outcome.Error}{outcome.Output}");
        return outcome.Output;
    }
}
