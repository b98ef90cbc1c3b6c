using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Matrices;

/// <summary>Products along single axes of a tensor of any order; for matrices these are ordinary products without copies.</summary>
internal static class Axes
{
    /// <summary>The tensor as a matrix whose rows run along one axis.</summary>
    public static Tensor Unfold(Tensor tensor, int axis)
        => tensor.Dimensions switch
        {
            1 => tensor.unsqueeze(1),
            2 => axis == 0 ? tensor : tensor.mT,
            _ => tensor.transpose(0, axis).reshape(tensor.size(axis), -1),
        };

    /// <summary>G₍ₖ₎G₍ₖ₎ᵀ, the statistics of one axis.</summary>
    public static Tensor Gram(Tensor tensor, int axis)
    {
        using var scope = NewDisposeScope();
        var unfolded = Unfold(tensor, axis);
        return unfolded.mm(unfolded.mT).MoveToOuterDisposeScope();
    }

    /// <summary>target ← keep·target + add·G₍ₖ₎G₍ₖ₎ᵀ, in one pass where the number type allows it.</summary>
    public static void AccumulateGram(Tensor target_DD, Tensor tensor, int axis, double keep, double add)
    {
        using var scope = NewDisposeScope();
        var unfolded = Unfold(tensor, axis);
        if (target_DD.dtype == ScalarType.Float64) target_DD.mul_(keep).add_(unfolded.mm(unfolded.mT), add);
        else target_DD.addmm_(unfolded, unfolded.mT, (float)keep, (float)add);
    }

    /// <summary>Multiplies along one axis: out[.., j, ..] = Σᵢ in[.., i, ..]·M[i, j], or M[j, i] when transposed.</summary>
    public static Tensor Multiply(Tensor tensor, int axis, Tensor matrix_DD, bool transposed = false)
    {
        if (tensor.Dimensions == 1) return transposed ? matrix_DD.mv(tensor) : matrix_DD.mT.mv(tensor);
        if (tensor.Dimensions == 2 && axis == 0) return (transposed ? matrix_DD : matrix_DD.mT).mm(tensor);
        if (tensor.Dimensions == 2) return tensor.mm(transposed ? matrix_DD.mT : matrix_DD);
        using var scope = NewDisposeScope();
        var last = tensor.transpose(axis, -1);
        return last.matmul(transposed ? matrix_DD.mT : matrix_DD).transpose(axis, -1).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Multiplies along every axis that has a matrix; null leaves an axis alone.</summary>
    public static Tensor MultiplyAll(Tensor tensor, IReadOnlyList<Tensor?> matrices, bool transposed = false)
    {
        using var scope = NewDisposeScope();
        var result = tensor;
        for (var axis = 0; axis < matrices.Count; axis++)
            if (matrices[axis] is { } matrix_DD) result = Multiply(result, axis, matrix_DD, transposed);
        return ReferenceEquals(result, tensor) ? tensor : result.MoveToOuterDisposeScope();
    }
}
