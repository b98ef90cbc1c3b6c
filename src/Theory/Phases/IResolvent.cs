using System.Numerics;

namespace PretrainBench.Theory.Phases;

/// <summary>What the Volterra equation needs of the resolvent R(z) = (K̂ − z)^−1 of K̂ = D^½WWᵀD^½.</summary>
internal interface IResolvent
{
    /// <summary>
    /// ⟨R(z), (D^½b)^⊗2⟩ and z² Tr R(z) less its entire part (which no contour around the spectrum sees).
    /// May remember the last z to continue from; so one instance serves one path in z.
    /// </summary>
    (Complex Forcing, Complex Kernel) At(Complex z);
}
