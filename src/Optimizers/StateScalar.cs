namespace PretrainBench.Optimizers;

/// <summary>A single number of a rule's state, such as a step counter; saved and restored by name.</summary>
public sealed class StateScalar
{
    internal StateScalar(double value) => Value = value;

    /// <summary>The current value.</summary>
    public double Value { get; set; }

    /// <summary>Adds to the value; parameters that are updated at the same time may count in one number.</summary>
    /// <param name="amount">What to add.</param>
    public void Add(double amount)
    {
        lock (this) Value += amount;
    }
}
