using PretrainBench.Core.Configuration;

namespace PretrainBench.Core.Tests.Configuration;

/// <summary>What is said of files that are not there.</summary>
public class ConfigFilePathTests
{
    [Fact]
    public void A_file_that_is_not_there_is_answered_with_the_one_that_was_probably_meant()
    {
        var folder = Directory.CreateTempSubdirectory("pretrainbench-config").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "run.yaml"), "");
            string ErrorAt(string path) => Assert.Throws<UserException>(() => ConfigFile.Read(path)).Message;
            Assert.EndsWith($"runs.yaml: no such file; did you mean `{Path.Combine(folder, "run.yaml")}`?",
                ErrorAt(Path.Combine(folder, "runs.yaml")), StringComparison.Ordinal);
            Assert.EndsWith("other-things.yaml: no such file; check the path",
                ErrorAt(Path.Combine(folder, "other-things.yaml")), StringComparison.Ordinal);
            Assert.EndsWith("no such file; check the path", ErrorAt(Path.Combine(folder, "none", "run.yaml")),
                StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
