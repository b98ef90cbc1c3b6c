using PretrainBench.Core;
using PretrainBench.Theory.Phases;

namespace PretrainBench.Theory.Tests.Phases;

public class PhasesLabTests
{
    private static readonly PhasesConfig Small = new()
    {
        Points = [new(.75, .25)],
        FirstFlops = 1e7,
        LastFlops = 1e9,
        CheckWidth = 40,
        CheckSketches = 4,
        Sgd = new SgdConfig { Widths = [50], FirstStep = 100, LastStep = 3000, Runs = 3 },
        Further = new FurtherOptimizersConfig
        {
            Width = 30,
            LastStep = 2000,
            SignHorizons = [50, 200],
            SignSteps = [.01, .03],
        },
    };

    [Theory]
    [InlineData(400, 100_000)]
    [InlineData(1600, 20_000)]
    public void Sgd_follows_the_volterra_solution_of_its_sketch(int width, int lastStep)
    {
        var comparison = SgdComparison.Of(new SgdConfig { LastStep = lastStep }, width, 10, 1, 1);
        Assert.True(comparison.MedianGap <= .03, $"median {comparison.MedianGap}");
        Assert.True(comparison.RmsGap <= .10, $"rms {comparison.RmsGap}");
    }

    [Fact]
    public void Tables_do_not_depend_on_the_number_of_threads()
    {
        string[] Csv() => [.. PhasesLab.Run(Small).Tables().Select(table => table.ToCsv())];
        LabParallel.Workers = 4;
        string[] many = Csv();
        LabParallel.Workers = 1;
        Assert.Equal(many, Csv());
        Assert.Equal(7, many.Length);
    }

    [Fact]
    public void The_page_stands_alone() => LabPages.StandsAlone(PhasesReport.ToHtml(PhasesLab.Run(Small)));

    [Fact]
    public void Progress_reaches_the_end()
    {
        var seen = new List<LabProgress>();
        PhasesLab.Run(Small, new Recorder(seen));
        Assert.Equal(seen[^1].Total, seen[^1].Completed);
        Assert.Equal(seen.Count, seen[^1].Total);
    }

    [Fact]
    public void Cancelling_stops_the_lab()
        => Assert.ThrowsAny<OperationCanceledException>(
            () => PhasesLab.Run(Small, null, new CancellationToken(canceled: true)));

    public static TheoryData<PhasesConfig, string> BadConfigurations { get; } = new()
    {
        { new PhasesConfig { Points = [new(.2, .2)] }, "2(α+β) > 1" },
        { new PhasesConfig { StepScale = 3 }, "diverges" },
        { new PhasesConfig { FeatureRatio = .5 }, "N = d > M = v" },
        { new PhasesConfig { Sgd = new SgdConfig { LastStep = 0 } }, "T = 0" },
        { new PhasesConfig { Sgd = new SgdConfig { Point = new(1.25, .75) } }, "infinite variance" },
        { new PhasesConfig { Sgd = new SgdConfig { StepScale = 2.5 } }, "diverges" },
        { new PhasesConfig { Further = new FurtherOptimizersConfig { Point = new(.1, .1) } }, "2(α+β) > 1" },
        { new PhasesConfig { LastFlops = 1e10 }, "last_flops" },
    };

    [Theory]
    [MemberData(nameof(BadConfigurations))]
    public void Parameters_outside_the_theory_say_which_condition_failed(PhasesConfig config, string part)
        => Assert.Contains(part, Assert.Throws<UserException>(() => PhasesLab.Run(config)).Message,
            StringComparison.Ordinal);

    private sealed class Recorder(List<LabProgress> seen) : IProgress<LabProgress>
    {
        public void Report(LabProgress value) => seen.Add(value);
    }
}
