using System.Text;
using PretrainBench.Data;

namespace PretrainBench.Training.Tests;

/// <summary>A small prepared data set, made once for all tests: sentences of a little grammar, so that there is
/// something to learn.</summary>
public sealed class TestCorpus : IDisposable
{
    private static readonly string[] Subjects =
        ["the model", "a matrix", "the optimizer", "one gradient", "the schedule", "every token"];
    private static readonly string[] Verbs = ["learns", "forgets", "follows", "doubles", "predicts", "shrinks"];
    private static readonly string[] Objects = ["the loss", "its width", "a law", "the data", "two steps", "the noise"];

    public TestCorpus()
    {
        Folder = Directory.CreateTempSubdirectory("pretrainbench-corpus-").FullName;
        var source = Path.Combine(Folder, "text");
        Directory.CreateDirectory(source);
        var random = new Random(1);
        for (var document = 0; document < 400; document++)
        {
            var text = new StringBuilder();
            for (var sentence = 0; sentence < 12; sentence++)
                text.Append(Pick(random, Subjects)).Append(' ').Append(Pick(random, Verbs)).Append(' ')
                    .Append(Pick(random, Objects)).Append(". ");
            File.WriteAllText(Path.Combine(source, $"{document:D3}.txt"), text.ToString());
        }
        DataFolder = Path.Combine(Folder, "data");
        DataPreparation.Prepare(
            new() { Source = [source], VocabularySize = 300, ValidationFraction = 0.1 }, DataFolder);
    }

    public string Folder { get; }

    public string DataFolder { get; }

    /// <summary>An empty folder for a run.</summary>
    public string NewRunFolder() => Path.Combine(Folder, "runs", Guid.NewGuid().ToString("N"));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string Pick(Random random, string[] words) => words[random.Next(words.Length)];
}

[CollectionDefinition(nameof(TestCorpus))]
public sealed class SharesTestCorpus : ICollectionFixture<TestCorpus>;
