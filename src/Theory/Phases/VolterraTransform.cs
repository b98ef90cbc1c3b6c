using System.Numerics;

namespace PretrainBench.Theory.Phases;

/// <summary>The Volterra equation P(r) = F(r) + Σ_{s&lt;r} K(r−1−s) P(s) by its generating function P^(ζ) = F^(ζ)/(1 −
/// ζ K^(ζ)) and a numerical inverse transform at ζ = e^−p on the cotangent contour of Weideman and Trefethen (Math.
/// Comp. 76, 2007; a Talbot contour), 24 nodes, of which conjugate symmetry leaves 12. Any r from
/// <see cref="FirstStep"/> up costs the same.</summary>
internal sealed class VolterraTransform
{
    /// <summary>Below it the contour would leave the strip |Im p| &lt; π in which ζ = e^−p is one-to-one.</summary>
    public const double FirstStep = 15;

    private const int Nodes = 24;

    private readonly (IResolvent Near, IResolvent Far)[] _paths = new (IResolvent, IResolvent)[Nodes / 2];
    private readonly double _gamma;
    private readonly int _batch;

    public VolterraTransform(Func<IResolvent> resolvent, double gamma, int batch)
    {
        (_gamma, _batch) = (gamma, batch);
        for (var k = 0; k < _paths.Length; k++) _paths[k] = (resolvent(), resolvent());
    }

    /// <summary>P after <paramref name="steps"/> steps; call with rising steps, so that the resolvents continue along
    /// short paths.</summary>
    public double Loss(double steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, FirstStep);
        double sum = 0;
        for (var k = 0; k < _paths.Length; k++)
        {
            var theta = (2 * k + 1) * Math.PI / Nodes;
            const double A = 0.6407, B = 0.5017, C = 0.6122, Imaginary = 0.2645;
            double cot = 1 / Math.Tan(A * theta), csc2 = 1 + cot * cot;
            var p = Nodes / steps * new Complex(B * theta * cot - C, Imaginary * theta);
            var derivative = Nodes / steps * new Complex(B * cot - A * B * theta * csc2, Imaginary);
            var weight = Complex.Exp(p * steps) * derivative * Generating(p, _paths[k].Near, _paths[k].Far);
            sum += 2 * weight.Imaginary / Nodes;
        }
        return sum;
    }

    /// <summary>The kernel's norm Σ_r K(r) = K^(1), infinite when the far root lies inside the spectrum. At 1 or above
    /// the mean loss grows. At p = 0 the near root is 0 and contributes nothing.</summary>
    public static double KernelNorm(IResolvent resolvent, double gamma, int batch)
    {
        const double OffAxis = 1e-7;
        var far = new Complex(1, OffAxis) * (2 / (gamma * (batch + 1)));
        var norm = -resolvent.At(far).Kernel / (far * (batch + 1));
        return Math.Abs(norm.Imaginary) > 1e-3 * Math.Abs(norm.Real) ? double.PositiveInfinity : norm.Real;
    }

    // P^(e^−p), by the residues at the two roots z± of 1 − 2γBz + γ²B(B+1)z² = e^p.
    private Complex Generating(Complex p, IResolvent near, IResolvent far)
    {
        var scale = _gamma * (_batch + 1);
        var oneMinusSquare = -ExpMinusOne(p) * ((_batch + 1.0) / _batch);
        var root = Complex.Sqrt(1 - oneMinusSquare);
        var zNear = oneMinusSquare / (scale * (1 + root)); // (1 − root)/scale without the cancellation at small p
        var zFar = (1 + root) / scale;
        var zeta = Complex.Exp(-p);
        var common = -zeta * _gamma * _gamma * _batch * (_batch + 1) * (zFar - zNear);
        var (forcingNear, kernelNear) = near.At(zNear);
        var (forcingFar, kernelFar) = far.At(zFar);
        var forcing = (forcingFar - forcingNear) / common;
        var kernel = _gamma * _gamma * _batch * (kernelFar - kernelNear) / common;
        return forcing / (1 - zeta * kernel);
    }

    private static Complex ExpMinusOne(Complex p)
    {
        // e^p − 1 without cancellation at small p; Math has no expm1, so its real part goes by sinh.
        double half = Math.Sin(p.Imaginary / 2), grow = Math.Exp(p.Real);
        var minusOne = Math.Abs(p.Real) < 1e-5
            ? p.Real * (1 + p.Real / 2 * (1 + p.Real / 3))
            : 2 * Math.Exp(p.Real / 2) * Math.Sinh(p.Real / 2);
        return new Complex(minusOne * Math.Cos(p.Imaginary) - 2 * half * half, grow * Math.Sin(p.Imaginary));
    }
}

/// <summary>What the Volterra equation needs of the resolvent R(z) = (K̂ − z)^−1 of K̂ = D^½WWᵀD^½.</summary>
internal interface IResolvent
{
    /// <summary>⟨R(z), (D^½b)^⊗2⟩ and z² Tr R(z) less its entire part (which no contour around the spectrum sees). May
    /// remember the last z to continue from; so one instance serves one path in z.</summary>
    (Complex Forcing, Complex Kernel) At(Complex z);
}
