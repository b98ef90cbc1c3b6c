namespace PretrainBench.Core;

/// <summary>How the program ends.</summary>
public static class ExitCodes
{
    /// <summary>Everything asked for was done.</summary>
    public const int Done = 0;

    /// <summary>A run or a command failed.</summary>
    public const int Failed = 1;

    /// <summary>The arguments, the configuration or the input cannot be used as given.</summary>
    public const int Usage = 2;

    /// <summary>A training run diverged (a result, not a failure of the program).</summary>
    public const int Diverged = 3;

    /// <summary>Stopped by a pre-emption notice after a checkpoint; the same command goes on (EX_TEMPFAIL).</summary>
    public const int Preempted = 75;
}
