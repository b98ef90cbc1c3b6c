using System.Text.Json;

namespace PretrainBench.Reports.Tests;

public class ReportFiguresTests
{
    [Fact]
    public void Figures_and_tables_go_into_a_folder_as_files_that_others_read()
    {
        string folder = Directory.CreateTempSubdirectory("pretrainbench-figures-").FullName;
        try
        {
            ReportFigures.Write(SampleReports.Complete, folder);
            string[] figures = Directory.GetFiles(folder, "*.json"), tables = Directory.GetFiles(folder, "*.csv");
            Assert.Equal(14, figures.Length);
            Assert.All(figures, path =>
            {
                using var figure = JsonDocument.Parse(File.ReadAllText(path));
                Assert.NotEqual(0, figure.RootElement.GetProperty("data").GetArrayLength());
            });
            Assert.Equal(tables.Length, Directory.GetFiles(folder, "*.tex").Length);
            Assert.Contains(tables, path => File.ReadAllText(path).Contains("\"AdamW\",\"reference\""));
            Assert.All(Directory.GetFiles(folder, "*.tex"),
                path => Assert.DoesNotMatch(@"(?<!\\)[%_#$](?!-\$)", File.ReadAllText(path).Replace("$-$", "")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
