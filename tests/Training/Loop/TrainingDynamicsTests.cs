using PretrainBench.Training.Checkpoints;
using PretrainBench.Training.Loop;
using PretrainBench.Training.Results;

namespace PretrainBench.Training.Tests.Loop;

[Collection(nameof(TestCorpus))]
public class TrainingDynamicsTests(TestCorpus corpus)
{
    private const string Every = "execution.dynamics={interval_steps: 10}";

    [Theory]
    [InlineData("adamw")]
    [InlineData("muon")]
    public void Measuring_changes_no_bit_of_the_run(string optimizer)
    {
        var (without, with) = (corpus.NewRunFolder(), corpus.NewRunFolder());
        string[] settings = [$"optimizer={{name: {optimizer}}}", "execution.log_interval_steps=1"];
        RunSession.Execute(TestRuns.Config(corpus, settings), without);
        RunSession.Execute(TestRuns.Config(corpus, [.. settings, "execution.dynamics={interval_steps: 3}"]), with);
        Assert.Equal(RunResult.Read(without)!.RunId, RunResult.Read(with)!.RunId);
        Assert.Equal(TestRuns.WeightsHash(without), TestRuns.WeightsHash(with));
        Assert.Equal(Numbers(without), Numbers(with));
        Assert.Equal(13, Measured(with).Count);
        Assert.Empty(Measured(without));
    }

    [Fact]
    public void The_numbers_are_those_of_the_weights_before_and_after()
    {
        var folder = corpus.NewRunFolder();
        var steps = new[] { 9, 10, 29, 30 };
        RunSession.Execute(TestRuns.Config(corpus, Every, "execution.log_interval_steps=1"), folder,
            new RunOptions { BranchSteps = steps });
        Assert.Equal([10, 20, 30, 40], Measured(folder).Select(line => line.Step));

        using var scope = NewDisposeScope();
        var weights = steps.ToDictionary(step => step, step => TestRuns.Tensors(Path.Combine(folder, "attempts", "1",
                "checkpoints", $"step-{step:D8}", Checkpoint.WeightsFile))
            .ToDictionary(pair => pair.Key, pair => pair.Value.to(ScalarType.Float64)));
        foreach (var line in Measured(folder).Where(line => weights.ContainsKey(line.Step)))
        {
            var (before, after) = (weights[line.Step - 1], weights[line.Step]);
            Assert.Equal(["embedding", "head", "hidden_matrix", "norm"], line.Groups!.Keys.Order());
            foreach (var (role, group) in line.Groups)
            {
                var names = after.Keys.Where(name => RoleOf(name) == role).ToList();
                var norm = Norm(names.Select(name => after[name]));
                var update = Norm(names.Select(name => after[name] - before[name]));
                Close(norm, group.WeightNorm, 1e-5);
                Close(update, group.UpdateNorm, 1e-4);
                Close(update / norm, group.UpdateRatio, 1e-4);
            }
            Assert.Equal(16, line.Matrices!.Count);
            foreach (var (name, spectrum) in line.Matrices)
            {
                var largest = linalg.svdvals(after[name])[0].item<double>();
                Assert.InRange(spectrum.LargestSingularValue!.Value / largest, 0.999, 1 + 1e-5);
                Close(Math.Pow(Norm([after[name]]) / largest, 2), spectrum.StableRank, 0.002);
            }
            // What the optimizer gets is clipped at 1.
            var whole = RunMetrics.Read(folder).Single(other => other.Step == line.Step && other.GradientNorm > 0);
            Close(Math.Min(1, whole.GradientNorm!.Value),
                Math.Sqrt(line.Groups.Values.Sum(group => group.GradientNorm!.Value * group.GradientNorm.Value)), 1e-5);
        }
    }

    [Fact]
    public void Names_choose_the_matrices_and_one_that_none_has_is_refused()
    {
        var folder = corpus.NewRunFolder();
        string Of(string names) => $"execution.dynamics={{interval_steps: 20, matrices: {names}}}";
        RunSession.Execute(TestRuns.Config(corpus, Of("[head, '*.query']")), folder);
        Assert.Equal(["blocks.0.attention.query", "blocks.1.attention.query", "head"],
            Measured(folder)[0].Matrices!.Keys.Order());
        var message = Assert.Throws<UserException>(
            () => RunSession.Execute(TestRuns.Config(corpus, Of("['*.queries']")), corpus.NewRunFolder())).Message;
        Assert.StartsWith("execution.dynamics.matrices: no matrix is called `*.queries`; they are called embedding",
            message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, 96, 1)]
    [InlineData(96, 64, 1)]
    [InlineData(300, 32, 0)]
    public void It_finds_the_largest_singular_value_from_below(int rows, int columns, double deviation)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        var matrix = zeros(rows, columns).normal_(0, deviation, generator);
        var largest = linalg.svdvals(matrix.to(ScalarType.Float64))[0].item<double>();
        using var value = new SingularValue(matrix, seed: 1);
        var measured = SingularValue.Largest(value.Bidiagonal().to(ScalarType.Float64).data<double>().ToArray());
        Assert.InRange(measured, 0.999 * largest, (1 + 1e-5) * largest);
    }

    private static List<MetricsLine> Measured(string folder)
        => [.. RunMetrics.Read(folder).Where(line => line.Groups is not null)];

    private static List<(double?, double?, double?)> Numbers(string folder)
        => [.. RunMetrics.Read(folder).Where(line => line.Groups is null)
            .Select(line => (line.TrainingLoss, line.GradientNorm, line.ValidationLoss))];

    private static string RoleOf(string name) => name is "embedding" or "head" ? name
        : name.EndsWith("_norm", StringComparison.Ordinal) ? "norm" : "hidden_matrix";

    private static double Norm(IEnumerable<Tensor> tensors)
        => Math.Sqrt(tensors.Sum(tensor => tensor.square().sum().item<double>()));

    private static void Close(double expected, double? actual, double tolerance)
        => Assert.InRange(Math.Abs(actual!.Value / expected - 1), 0, tolerance);
}
