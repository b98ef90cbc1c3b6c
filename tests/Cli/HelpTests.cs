using System.CommandLine;
using System.Text;
using PretrainBench.Cli.Shell;
using PretrainBench.Tests;

namespace PretrainBench.Cli.Tests;

[Collection(InThisProcess.Name)]
public sealed class HelpTests
{
    [Fact]
    public void The_help_of_every_command_is_as_approved()
    {
        var text = new StringBuilder();
        foreach (var (path, _) in Commands())
        {
            text.Append("$ pretrainbench ").AppendJoin(' ', path.Append("--help")).Append("\n\n");
            text.Append(HelpOf(path));
        }
        Approval.Check("help", text.ToString());
    }

    [Fact]
    public void Every_command_shows_examples_that_parse()
    {
        var root = CommandLineProgram.CreateRoot();
        foreach (var (path, command) in Commands())
        {
            var examples = ExampleTexts.Of(command);
            Assert.True(examples.Count > 0, $"{string.Join(' ', path)} has no example");
            foreach (var example in examples)
            {
                // The command line ends where the explanation begins, after three spaces or more.
                var line = example.Split("   ")[0]["pretrainbench ".Length..];
                Assert.Empty(root.Parse(line).Errors);
            }
        }
    }

    [Fact]
    public void The_executable_prints_help_and_version()
    {
        var folder = Path.GetTempPath();
        Assert.Equal(HelpOf([]), Pretrainbench.MustSucceed(folder, "--help").Output);
        Assert.Equal(HelpOf([]), Pretrainbench.MustSucceed(folder).Output);
        Assert.Matches(@"^\d+\.\d+\.\d+", Pretrainbench.MustSucceed(folder, "--version").Output);
    }

    private static string HelpOf(IEnumerable<string> path)
    {
        var output = new StringWriter();
        CommandLineProgram.CreateRoot().Parse([.. path, "--help"])
            .Invoke(new InvocationConfiguration { Output = output });
        // The library names the program after the process, which is the test host here.
        return output.ToString().Replace(RootCommand.ExecutableName, "pretrainbench", StringComparison.Ordinal);
    }

    private static IEnumerable<(string[] Path, Command Command)> Commands()
    {
        var root = CommandLineProgram.CreateRoot();
        return Under([], root);

        static IEnumerable<(string[] Path, Command Command)> Under(string[] path, Command command)
            => command.Subcommands.Where(sub => !sub.Hidden).SelectMany(sub => Under([.. path, sub.Name], sub))
                .Prepend((path, command));
    }
}
