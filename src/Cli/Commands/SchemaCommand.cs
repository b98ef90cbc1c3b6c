using System.CommandLine;
using System.Text.Json;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Grids.Configuration;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench schema</c>.</summary>
internal static class SchemaCommand
{
    private static readonly Argument<string> Of = new Argument<string>("FILE")
    {
        Description = "Of which files: " + string.Join(", ", FileSchemas.Names),
    }.AcceptOnlyFromAmong([.. FileSchemas.Names]);

    public static Command Create()
        => new Command("schema", "Print the JSON schema of configuration files, for editors that complete and check")
            { Of }
            .WithExamples("pretrainbench schema grid    into grid.schema.json; then, atop a grid file, "
                + "# yaml-language-server: $schema=grid.schema.json")
            .Runs(context =>
            {
                context.Out.WriteLine(JsonSerializer.Serialize(FileSchemas.Of(context.Get(Of)), JsonFormat.Indented));
                return ExitCodes.Done;
            });
}
