namespace PretrainBench.Training.Results;

/// <summary>What a step did to the parameters of one role, as norms over all of them.</summary>
/// <param name="GradientNorm">Of the gradient as the optimizer gets it, after clipping.</param>
/// <param name="UpdateNorm">Of the weights after the step minus those before.</param>
/// <param name="WeightNorm">After the step.</param>
/// <param name="UpdateRatio">The update's norm over the weights'.</param>
public sealed record GroupDynamics(
    double? GradientNorm, double? UpdateNorm, double? WeightNorm, double? UpdateRatio);

/// <summary>The spectrum of a matrix after a step.</summary>
/// <param name="LargestSingularValue">By a few products with it: from below.</param>
/// <param name="StableRank">The squared Frobenius norm over that value's square.</param>
public sealed record MatrixSpectrum(double? LargestSingularValue, double? StableRank);

/// <summary>What is measured at one step.</summary>
/// <param name="Groups">By role.</param>
/// <param name="Matrices">By name.</param>
internal sealed record StepDynamics(
    IReadOnlyDictionary<string, GroupDynamics> Groups, IReadOnlyDictionary<string, MatrixSpectrum> Matrices);
