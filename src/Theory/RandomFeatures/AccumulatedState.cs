using static TorchSharp.torch;

namespace PretrainBench.Theory.RandomFeatures;

/// <summary>What Adam-like and Shampoo-like rules remember; belongs to the dispose scope that is open when it is made.</summary>
internal sealed class AccumulatedState(int batch, long rows, long columns)
{
    private Tensor? _squares_RN;
    private Tensor? _left_Rrr;
    private Tensor? _right_Rcc;

    /// <summary>Adds g² and returns Σ g².</summary>
    public Tensor AddSquares(Tensor gradient_RN)
    {
        _squares_RN ??= zeros(batch, rows * columns, dtype: float64).MoveToOuterDisposeScope();
        return _squares_RN.add_(gradient_RN.square());
    }

    /// <summary>Adds GGᵀ and GᵀG and returns (Σ GGᵀ)^−¼ G (Σ GᵀG)^−¼, flattened again.</summary>
    public Tensor ShampooDirection(Tensor gradient_RN)
    {
        _left_Rrr ??= zeros(batch, rows, rows, dtype: float64).MoveToOuterDisposeScope();
        _right_Rcc ??= zeros(batch, columns, columns, dtype: float64).MoveToOuterDisposeScope();
        var gradient_Rrc = gradient_RN.reshape(-1, rows, columns);
        var transposed_Rcr = gradient_Rrc.transpose(1, 2);
        _left_Rrr.add_(gradient_Rrc.matmul(transposed_Rcr));
        _right_Rcc.add_(transposed_Rcr.matmul(gradient_Rrc));
        var left = MatrixPower.InversePower(_left_Rrr, 0.25);
        var right = MatrixPower.InversePower(_right_Rcc, 0.25);
        return left.matmul(gradient_Rrc).matmul(right).reshape(gradient_RN.shape);
    }
}
