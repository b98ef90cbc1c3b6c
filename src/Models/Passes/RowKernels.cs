using System.Numerics;
using PretrainBench.Torch;

namespace PretrainBench.Models.Passes;

/// <summary>What a decoder does to rows between its matrix products, on 32-bit numbers in the CPU's memory (see
/// <see cref="CpuNumbers"/>): one pass over memory for each, where torch needs five to fifteen operators.</summary>
internal static class RowKernels
{
    private static readonly int Lanes = Vector<float>.Count;

    /// <summary>RMSNorm (arXiv 1910.07467), y = gain · x · r with r = 1/√(mean(x²) + ε) of each row, plus a residual if
    /// there is one.</summary>
    /// <param name="x_NC">x is <paramref name="gain_D"/>'s width of columns of it.</param>
    /// <param name="column">The first of them.</param>
    /// <returns>y [rows, width] and r [rows], which the gradient needs.</returns>
    public static (Tensor Y_ND, Tensor Inverse_N) Normalize(Tensor x_NC, Tensor gain_D, double epsilon,
        Tensor? residual_ND = null, int column = 0)
    {
        var (y_ND, inverse_N) = (empty(x_NC.shape[0], gain_D.shape[0]), empty(x_NC.shape[0]));
        Span<float> gain = gain_D.Numbers(), outputs = y_ND.Numbers(), inverses = inverse_N.Numbers();
        var residuals = residual_ND is null ? default : residual_ND.Numbers();
        var width = gain.Length;
        var inputs = new RowSpans(x_NC, column, width);
        for (var row = 0; row < inverses.Length; row++)
        {
            Span<float> x = inputs[row], y = outputs.Slice(row * width, width);
            var inverse = inverses[row] = (float)(1 / Math.Sqrt(Dot(x, x) / width + epsilon));
            var i = 0;
            for (; i <= width - Lanes; i += Lanes)
                (new Vector<float>(x[i..]) * inverse * new Vector<float>(gain[i..])).CopyTo(y[i..]);
            for (; i < width; i++) y[i] = x[i] * inverse * gain[i];
            if (residual_ND is not null) Add(y, residuals.Slice(row * width, width));
        }
        return (y_ND, inverse_N);
    }

    /// <summary>The gradient of <see cref="Normalize"/> with respect to x, with u = gain ⊙ dy:
    /// dx = r·u − x·r³·mean(u ⊙ x); that of the gain, Σ dy ⊙ x·r over the rows, is added to the given one.</summary>
    /// <param name="dx_NC">Where dx goes, in the columns in which x_NC has x; null for a tensor of its own.</param>
    public static Tensor NormalizeGradient(Tensor dy_ND, Tensor x_NC, Tensor gain_D, Tensor inverse_N,
        Tensor gainGradient_D, Tensor? dx_NC = null, int column = 0)
    {
        dx_NC ??= empty_like(x_NC);
        Span<float> upstream = dy_ND.Numbers(), gain = gain_D.Numbers();
        Span<float> inverses = inverse_N.Numbers(), dGain = gainGradient_D.Numbers();
        var width = gain.Length;
        RowSpans inputs = new(x_NC, column, width), gradients = new(dx_NC, column, width);
        for (var row = 0; row < inverses.Length; row++)
        {
            Span<float> dy = upstream.Slice(row * width, width), x = inputs[row], dx = gradients[row];
            var inverse = inverses[row];
            var sums = Vector<float>.Zero;
            var i = 0;
            for (; i <= width - Lanes; i += Lanes)
            {
                var product = new Vector<float>(dy[i..]) * new Vector<float>(x[i..]);
                sums += product * new Vector<float>(gain[i..]);
                (new Vector<float>(dGain[i..]) + product * inverse).CopyTo(dGain[i..]);
            }
            var sum = Vector.Sum(sums);
            for (; i < width; i++)
            {
                sum += dy[i] * x[i] * gain[i];
                dGain[i] += dy[i] * x[i] * inverse;
            }
            var shrink = sum * inverse * inverse * inverse / width;
            for (i = 0; i <= width - Lanes; i += Lanes)
                (new Vector<float>(dy[i..]) * new Vector<float>(gain[i..]) * inverse
                    - new Vector<float>(x[i..]) * shrink).CopyTo(dx[i..]);
            for (; i < width; i++) dx[i] = dy[i] * gain[i] * inverse - x[i] * shrink;
        }
        return dx_NC;
    }

    /// <summary>Turns the pairs of every head by their angles, in place; see
    /// <see cref="Layers.PositionTables"/>.</summary>
    /// <param name="x_NC">[sequences · positions, columns], of which <paramref name="width"/> are heads · K.</param>
    /// <param name="cos_TJ">[positions, K/2].</param>
    /// <param name="back">Whether to turn back, which is also the gradient.</param>
    public static void Rotate(Tensor x_NC, int column, int width, Tensor cos_TJ, Tensor sin_TJ, bool back = false)
    {
        Span<float> cosines = cos_TJ.Numbers(), sines = sin_TJ.Numbers();
        var half = (int)cos_TJ.shape[1];
        var sign = back ? -1f : 1f;
        var rows = new RowSpans(x_NC, column, width);
        for (int row = 0, angle = 0; row < rows.Count; row++, angle = (angle + half) % cosines.Length)
            for (var head = 0; head < width; head += 2 * half)
            {
                Span<float> a = rows[row].Slice(head, half), b = rows[row].Slice(head + half, half);
                Span<float> cos = cosines.Slice(angle, half), sin = sines.Slice(angle, half);
                var i = 0;
                for (; i <= half - Lanes; i += Lanes)
                {
                    var (first, second) = (new Vector<float>(a[i..]), new Vector<float>(b[i..]));
                    var (c, s) = (new Vector<float>(cos[i..]), new Vector<float>(sin[i..]) * sign);
                    (first * c - second * s).CopyTo(a[i..]);
                    (second * c + first * s).CopyTo(b[i..]);
                }
                for (; i < half; i++)
                    (a[i], b[i]) = (a[i] * cos[i] - b[i] * sin[i] * sign, b[i] * cos[i] + a[i] * sin[i] * sign);
            }
    }

    /// <summary>target ← target + other.</summary>
    private static void Add(Span<float> target, Span<float> other)
    {
        var i = 0;
        for (; i <= target.Length - Lanes; i += Lanes)
            (new Vector<float>(target[i..]) + new Vector<float>(other[i..])).CopyTo(target[i..]);
        for (; i < target.Length; i++) target[i] += other[i];
    }

    private static float Dot(Span<float> left, Span<float> right)
    {
        var sums = Vector<float>.Zero;
        var i = 0;
        for (; i <= left.Length - Lanes; i += Lanes)
            sums += new Vector<float>(left[i..]) * new Vector<float>(right[i..]);
        var sum = Vector.Sum(sums);
        for (; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }
}
