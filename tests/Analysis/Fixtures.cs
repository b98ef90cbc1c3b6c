using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Tables;

namespace PretrainBench.Analysis.Tests;

/// <summary>Tables that several tests share.</summary>
internal static class Fixtures
{
    /// <summary>The path of a data file beside the tests.</summary>
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Data", name);

    /// <summary>Besiroglu et al.'s reconstruction of Hoffmann et al.'s runs (arXiv 2404.10102), all 245.</summary>
    public static RunTable Chinchilla() => RunTableReader.Read(
        Path("epoch_chinchilla.csv"), ColumnMapping.Parse(["N=Model Size", "C=Training FLOP"]));

    /// <summary>The same without the five highest losses, as their authors fit it.</summary>
    public static RunTable Chinchilla240()
    {
        var all = Chinchilla();
        return all.With([.. all.Rows.OrderBy(row => row.Loss).Take(240).OrderBy(row => row.Line)]);
    }

    /// <summary>Tuned final losses of AdamW and Muon (Wen et al., arXiv 2509.02046).</summary>
    public static RunTable AdamWMuon() => RunTableReader.Read(
        Path("optimizer_losses_adamw_muon.csv"), ColumnMapping.Parse(["loss=c4_en_loss", "size=model"]));

    /// <summary>
    /// Tuned final losses of eleven optimizers, not all at every size (Wen et al., arXiv 2509.02046).
    /// </summary>
    public static RunTable ElevenOptimizers() => RunTableReader.Read(
        Path("marin_optimizer_losses.csv"), ColumnMapping.Parse(["loss=c4_en_loss", "size=model"]));

    /// <summary>
    /// Five optimizers on five sizes and five ratios under a shared law with known rho, with relative noise.
    /// </summary>
    public static RunTable Synthetic(double noise, int seed, int optimizers = 5, double[]? sizes = null,
        double[]? ratios = null)
    {
        string[] names = ["adamw", "muon", "scion", "shampoo", "soap"];
        double[] rhoN = [1, 1.15, 1.05, 0.9, 1.2], rhoD = [1, 1.4, 1.3, 1.1, 1.6];
        var random = new Random(seed);
        var rows = new List<RunRow>();
        for (int o = 0; o < optimizers; o++)
        {
            foreach (double n in sizes ?? [50e6, 100e6, 200e6, 400e6, 800e6])
            {
                foreach (double ratio in ratios ?? [10, 20, 40, 80, 160])
                {
                    double d = ratio * n;
                    double loss = 1.8 + 480 / Math.Pow(rhoN[o] * n, 0.35) + 2100 / Math.Pow(rhoD[o] * d, 0.366);
                    loss *= 1 + noise * Gaussian(random);
                    rows.Add(new RunRow
                    {
                        Optimizer = names[o],
                        N = n,
                        D = d,
                        Loss = loss,
                        Size = $"{n / 1e6:F0}m",
                        Line = rows.Count + 1
                    });
                }
            }
        }
        return new RunTable { Rows = rows };
    }

    public static Law Law(string name) => LawRegistry.Get(name);

    public static double Gaussian(Random random)
        => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
