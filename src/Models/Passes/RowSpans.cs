using PretrainBench.Torch;

namespace PretrainBench.Models.Passes;

/// <summary>Neighbouring columns of a matrix in the CPU's memory, row by row.</summary>
/// <param name="matrix_NC">See <see cref="CpuNumbers"/>.</param>
/// <param name="column">The first column.</param>
/// <param name="width">How many.</param>
internal readonly ref struct RowSpans(Tensor matrix_NC, int column, int width)
{
    private readonly Span<float> _numbers = matrix_NC.Numbers();
    private readonly int _columns = (int)matrix_NC.shape[1];

    /// <summary>How many rows there are; asking a tensor each time would cost more than many a row.</summary>
    public int Count { get; } = (int)matrix_NC.shape[0];

    public Span<float> this[int row] => _numbers.Slice(row * _columns + column, width);
}
