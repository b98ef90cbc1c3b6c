namespace PretrainBench.Optimizers.Rules;

/// <summary>What Muon and its kin multiply the orthogonalised momentum of an m × n matrix by.</summary>
public enum MuonScale
{
    /// <summary>√max(1, m/n) (Keller Jordan).</summary>
    Keller,

    /// <summary>√(m/n) (older Keller Jordan; Dion's "spectral_norm").</summary>
    Spectral,
}

/// <summary>The numbers behind <see cref="MuonScale"/>.</summary>
internal static class MuonScales
{
    public static double Factor(this MuonScale scale, long rows, long columns)
        => Math.Sqrt(scale == MuonScale.Spectral ? rows / (double)columns : Math.Max(1, rows / (double)columns));
}
