using MathNet.Numerics.LinearAlgebra;
using PretrainBench.Analysis.Laws;

namespace PretrainBench.Analysis.Solvers;

/// <summary>The linear map from the solver's unknowns (E, log a_o, log b_o, exponents) to the reported ones (E, log A,
/// log B, log rho, exponents): log rhoN_o = (log a_ref − log a_o) / alpha, and so for rhoD.</summary>
internal static class RhoTransform
{
    public static (string[] Names, Matrix<double> Map) Create(PreparedFit fit, FitPart part, LawModel model,
        string[] unknowns)
    {
        var names = (string[])unknowns.Clone();
        var map = Matrix<double>.Build.DenseIdentity(unknowns.Length);
        if (!fit.Law.SharesExponents || part.Optimizers.Length < 2) return (names, map);
        var reference = fit.Optimizers[fit.Reference];
        Replace("A", "alpha", "rhoN", model.RhoN);
        Replace("B", "beta", fit.Law.SecondEfficiency, model.RhoSecond);
        return (names, map);

        void Replace(string coefficient, string exponent, string rho, Func<int, double> value)
        {
            int own = Array.IndexOf(unknowns, $"{coefficient}[{reference}]"), power = Array.IndexOf(unknowns, exponent);
            if (own < 0 || power < 0) return;
            names[own] = coefficient;
            foreach (var o in part.Optimizers)
            {
                var row = Array.IndexOf(unknowns, $"{coefficient}[{fit.Optimizers[o]}]");
                if (row < 0 || o == fit.Reference) continue;
                names[row] = $"{rho}[{fit.Optimizers[o]}]";
                var slope = exponent == "alpha" ? model.Coefficients(o).Alpha : model.Coefficients(o).Beta;
                map[row, own] = 1 / slope;
                map[row, row] = -1 / slope;
                map[row, power] = -Math.Log(value(o)) / slope;
            }
        }
    }
}
