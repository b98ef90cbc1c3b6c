using PretrainBench.Core;
using PretrainBench.Optimizers.Rules;
using PretrainBench.Torch;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Modules;

public sealed class ScheduledOptimizerTests : IDisposable
{
    private const int TotalSteps = 12;

    private readonly string _folder = Directory.CreateTempSubdirectory("pretrainbench-optimizer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Scalars, matrices and bases, an estimate of the rate.
    [Theory]
    [InlineData("muon")]
    [InlineData("soap")]
    [InlineData("prodigy")]
    public void A_module_goes_on_from_its_files_to_the_last_bit(string rule)
    {
        using var model = new StrangersModel(tied: true);
        using var optimizer = Over(model, rule);
        var begun = Train(model, optimizer, TotalSteps / 2);
        var (weights, state) = (Path.Combine(_folder, "weights"), Path.Combine(_folder, "state"));
        model.save(weights);
        optimizer.Save(state);
        var whole = Train(model, optimizer, TotalSteps);

        using var other = new StrangersModel(tied: true);
        using var resumed = Over(other, rule);
        other.load(weights);
        resumed.Load(state);
        Assert.Equal(TotalSteps / 2, resumed.StepsTaken);
        Assert.Equal(whole, Train(other, resumed, TotalSteps));
        Assert.True(whole[^1] < begun[0], $"{begun[0]} {whole[^1]}");
    }

    [Fact]
    public void The_schedule_follows_the_steps()
    {
        using var model = new StrangersModel();
        var schedule = new ScheduleConfig { Kind = ScheduleKind.Linear, WarmupSteps = 2 };
        using var optimizer =
            new ScheduledOptimizer(ModelParameters.Of(model), OptimizerConfig.Default("sgd"), 10, schedule);
        Assert.Equal(new OptimizerStep(0, 0.5), optimizer.NextStep);
        Train(model, optimizer, 6);
        Assert.Equal(new OptimizerStep(6, 0.5), optimizer.NextStep);
    }

    [Fact]
    public void Other_files_and_impossible_settings_are_refused()
    {
        using var model = new StrangersModel();
        using var optimizer = Over(model, "muon");
        var path = Path.Combine(_folder, "file");
        optimizer.Save(path);
        using var other = Over(model, "adamw");
        Assert.Contains("resume with the configuration that wrote it",
            Assert.Throws<UserException>(() => other.Load(path)).Message, StringComparison.Ordinal);

        using (var stream = File.Create(path)) SafetensorsFile.Write(stream, []);
        Assert.Equal($"{path}: is not what `Save` wrote: `steps_taken` is missing",
            Assert.Throws<UserException>(() => optimizer.Load(path)).Message);

        var impossible = new OptimizerConfig { Options = new MuonOptions { LearningRate = -1 } };
        Assert.Contains("learning_rate: must be above 0", Assert.Throws<UserException>(
            () => new ScheduledOptimizer(ModelParameters.Of(model), impossible, 10)).Message, StringComparison.Ordinal);
    }

    private static ScheduledOptimizer Over(StrangersModel model, string rule)
        => new(ModelParameters.Of(model), OptimizerConfig.Default(rule), TotalSteps);

    private static List<float> Train(StrangersModel model, ScheduledOptimizer optimizer, int end)
    {
        var losses = new List<float>();
        while (optimizer.StepsTaken < end)
        {
            using var scope = NewDisposeScope();
            var tokens_BT = arange(15).view(3, 5).remainder(7);
            var loss = nn.functional.cross_entropy(model.forward(tokens_BT).flatten(0, 1), tokens_BT.flatten());
            loss.backward();
            optimizer.Step();
            optimizer.ZeroGrad();
            losses.Add(loss.item<float>());
        }
        return losses;
    }
}
