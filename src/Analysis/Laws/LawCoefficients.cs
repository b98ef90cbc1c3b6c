namespace PretrainBench.Analysis.Laws;

/// <summary>
/// One optimizer's law in the form that solvers work with, <c>E + A / x1^Alpha + B / x2^Beta</c>: A and B are the
/// optimizer's own (a_o and b_o), any efficiency rho folded in.
/// </summary>
/// <param name="E">Irreducible loss, nats per token.</param>
/// <param name="A">Coefficient of the first power, rho folded in.</param>
/// <param name="B">Coefficient of the second power, rho folded in.</param>
/// <param name="Alpha">Exponent of the first variable; NaN when A is zero.</param>
/// <param name="Beta">Exponent of the second variable; NaN when B is zero or absent.</param>
public readonly record struct LawCoefficients(double E, double A, double B, double Alpha, double Beta);
