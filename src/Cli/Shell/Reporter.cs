namespace PretrainBench.Cli.Shell;

/// <summary>An <see cref="IProgress{T}"/> that calls at once, on the reporting thread; .NET's own posts and may
/// reorder.</summary>
/// <param name="report">Called with each value.</param>
internal sealed class Reporter<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
