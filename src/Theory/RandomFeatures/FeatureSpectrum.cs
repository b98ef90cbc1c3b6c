namespace PretrainBench.Theory.RandomFeatures;

/// <summary>A problem in the eigenbasis of H, where linear optimizers are exact: each direction shrinks on its
/// own.</summary>
/// <param name="Energies">For each target, the loss that direction i holds at θ = 0.</param>
/// <param name="Irreducible">For each target, what N features cannot reach.</param>
internal sealed record FeatureSpectrum(double[] Eigenvalues, double[][] Energies, double[] Irreducible)
{
    public double Largest => Eigenvalues[^1];

    /// <summary>The rate of direction i per unit of the scaled learning rate: how far one step of rate 1 shrinks
    /// it.</summary>
    /// <param name="optimizer">A linear optimizer that is diagonal in this basis.</param>
    /// <param name="damping">Relative damping of the natural gradient.</param>
    public double[] Rates(FeatureOptimizer optimizer, double damping) => optimizer switch
    {
        FeatureOptimizer.GradientDescent => Array.ConvertAll(Eigenvalues, h => h / Largest),
        FeatureOptimizer.NaturalGradient => Array.ConvertAll(Eigenvalues, h => h / (h + damping * Largest)),
        FeatureOptimizer.UndampedNaturalGradient => Array.ConvertAll(Eigenvalues, _ => 1.0),
        _ => throw new ArgumentOutOfRangeException(nameof(optimizer), optimizer,
            "Not diagonal in the eigenbasis of H."),
    };

    /// <summary>The losses after T steps, [target][learning rate]: Σ_i energy_i (1 − c·rate_i)^2T + irreducible. O(N)
    /// for any T.</summary>
    public double[][] Losses(FeatureOptimizer optimizer, double damping, IReadOnlyList<double> learningRates, int steps)
    {
        double[] rates = Rates(optimizer, damping), left = new double[rates.Length];
        double[][] losses = [.. Irreducible.Select(_ => new double[learningRates.Count])];
        for (var k = 0; k < learningRates.Count; k++)
        {
            for (var i = 0; i < rates.Length; i++)
                left[i] = Math.Pow(Math.Abs(1 - learningRates[k] * rates[i]), 2 * steps);
            for (var target = 0; target < losses.Length; target++)
                losses[target][k] = Irreducible[target] + Dot(Energies[target], left);
        }
        return losses;
    }

    /// <summary>The share of the loss after T steps of gradient descent, the part that N features cannot reach
    /// included, that is left in modes that it cannot reach: those with ηTh_i below 1.</summary>
    public double UnreachableShare(double learningRate, int steps, int target)
    {
        double unreached = 0, all = Irreducible[target];
        var energies = Energies[target];
        for (var i = 0; i < energies.Length; i++)
        {
            var rate = learningRate * Eigenvalues[i] / Largest;
            var left = energies[i] * Math.Pow(Math.Abs(1 - rate), 2 * steps);
            all += left;
            if (rate * steps < 1) unreached += left;
        }
        return all > 0 ? unreached / all : 0;
    }

    private static double Dot(double[] energies, double[] left)
    {
        double sum = 0;
        for (var i = 0; i < energies.Length; i++) sum += energies[i] * left[i];
        return sum;
    }
}
