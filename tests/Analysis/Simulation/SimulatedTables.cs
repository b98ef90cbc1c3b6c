using PretrainBench.Analysis.Tables;

namespace PretrainBench.Analysis.Tests.Simulation;

/// <summary>How the noise of simulated runs hangs together.</summary>
public enum SimulatedNoise
{
    /// <summary>Of each run alone.</summary>
    Independent,

    /// <summary>Of each run alone, three times as large at the smallest size as at the largest.</summary>
    Heteroscedastic,

    /// <summary>.6 of the variance is shared by all runs of a cell.</summary>
    CellShared,

    /// <summary>
    /// .6 of the variance is shared by the runs of an optimizer at one size, which branch from one trunk.
    /// </summary>
    Trunk,
}

/// <summary>Tables of runs under a shared law that is known.</summary>
public sealed record SimulatedTables(SimulatedNoise Noise, int Sizes, int Ratios, int Optimizers)
{
    private const double SharedVariance = 0.6;

    /// <summary>Deviation of a loss, nats per token.</summary>
    public double Deviation { get; init; } = 0.004;

    /// <summary>Whether all optimizers are the reference under other names.</summary>
    public bool AreIdentical { get; init; }

    /// <summary>The sizes, a factor of 16 apart at most.</summary>
    public double[] N => Spaced(50e6, 800e6, Sizes);

    /// <summary>Tokens per parameter.</summary>
    public double[] TokensPerParameter => Spaced(10, 160, Ratios);

    /// <summary>What a parameter of an optimizer is worth.</summary>
    public double RhoN(int optimizer) => AreIdentical || optimizer == 0 ? 1 : 0.9 + 0.05 * (optimizer % 7);

    /// <summary>What a token of an optimizer is worth.</summary>
    public double RhoD(int optimizer) => AreIdentical || optimizer == 0 ? 1 : 1 + 0.1 * (optimizer % 8);

    /// <summary>The true loss, nats per token.</summary>
    public double Loss(int optimizer, double n, double d)
        => 1.8 + 480 * Math.Pow(RhoN(optimizer) * n, -0.35) + 2100 * Math.Pow(RhoD(optimizer) * d, -0.366);

    /// <summary>The name of an optimizer; the first is the reference.</summary>
    public static string Name(int optimizer) => optimizer == 0 ? "adamw" : $"rule{optimizer:00}";

    /// <summary>One table.</summary>
    public RunTable Draw(int seed)
    {
        var random = new Random(seed);
        var cellNoise = N.Select(_ => TokensPerParameter.Select(_ => Fixtures.Gaussian(random)).ToArray()).ToArray();
        var rows = new List<RunRow>();
        for (var o = 0; o < Optimizers; o++)
        {
            for (var i = 0; i < Sizes; i++)
            {
                var trunk = Fixtures.Gaussian(random);
                for (var j = 0; j < Ratios; j++)
                {
                    var (n, d) = (N[i], N[i] * TokensPerParameter[j]);
                    var own = Fixtures.Gaussian(random);
                    var noise = Deviation * Noise switch
                    {
                        SimulatedNoise.CellShared
                            => Math.Sqrt(SharedVariance) * cellNoise[i][j] + Math.Sqrt(1 - SharedVariance) * own,
                        SimulatedNoise.Trunk => Math.Sqrt(SharedVariance) * trunk + Math.Sqrt(1 - SharedVariance) * own,
                        SimulatedNoise.Heteroscedastic => own * Math.Pow(3, 0.5 - (double)i / (Sizes - 1)),
                        _ => own,
                    };
                    rows.Add(new RunRow
                    {
                        Optimizer = Name(o),
                        N = n,
                        D = d,
                        Size = $"{n / 1e6:F0}m",
                        Loss = Loss(o, n, d) + noise,
                        Trunk = Noise == SimulatedNoise.Trunk ? $"{o}-{i}" : "",
                        Line = rows.Count + 1,
                    });
                }
            }
        }
        return new RunTable { Rows = rows };
    }

    private static double[] Spaced(double first, double last, int count)
        => [.. Enumerable.Range(0, count).Select(i => first * Math.Pow(last / first, (double)i / (count - 1)))];
}
