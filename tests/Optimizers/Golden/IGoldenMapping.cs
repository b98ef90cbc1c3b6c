namespace PretrainBench.Optimizers.Tests.Golden;

/// <summary>Turns a golden file's hyperparameters into settings; found by reflection, one per optimizer.</summary>
public interface IGoldenMapping
{
    /// <summary>The file's `optimizer`.</summary>
    string Optimizer { get; }

    /// <summary>The settings for one parameter.</summary>
    /// <param name="values">The hyperparameters that apply to it; all must be read.</param>
    /// <param name="learningRate">The learning rate, or the schedule's highest.</param>
    /// <param name="shape">The parameter's shape.</param>
    RuleOptions Map(Hyperparameters values, double learningRate, long[] shape);
}
