namespace PretrainBench.Optimizers.Rules;

/// <summary>What Muon and its kin multiply the orthogonalised momentum of an m × n matrix by.</summary>
public enum MuonScale
{
    /// <summary>√max(1, m/n) (Keller Jordan).</summary>
    Keller,

    /// <summary>√(m/n) (older Keller Jordan; Dion's "spectral_norm").</summary>
    Spectral,

    /// <summary>0.2·√max(m, n), see <see cref="MuonOptions.MatchedRms"/>: updates as large as AdamW's, so that it can
    /// share AdamW's learning rate (Moonlight, arXiv 2502.16982).</summary>
    RmsMatch,
}

/// <summary>The numbers behind <see cref="MuonScale"/>.</summary>
internal static class MuonScales
{
    /// <param name="matchedRms">The factor of <see cref="MuonScale.RmsMatch"/>.</param>
    public static double Factor(this MuonScale scale, long rows, long columns, double matchedRms) => scale switch
    {
        MuonScale.Keller => Math.Sqrt(Math.Max(1, rows / (double)columns)),
        MuonScale.Spectral => Math.Sqrt(rows / (double)columns),
        _ => matchedRms * Math.Sqrt(Math.Max(rows, columns)),
    };
}
