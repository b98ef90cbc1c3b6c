using MathNet.Numerics.LinearAlgebra;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Design;

/// <summary>The expected covariance of one block of optimizers, and what follows from it.</summary>
internal sealed class DesignCovariance
{
    private readonly PreparedFit _fit;
    private readonly FitPart _part;
    private readonly LawModel _model;
    private readonly string[] _names;
    private readonly string[] _reported;
    private readonly Matrix<double> _covariance, _ownCovariance, _reportedCovariance, _reportedOwnCovariance;

    public DesignCovariance(PreparedFit fit, FitPart part, LawModel model, DesignNoise noise)
    {
        (_fit, _part, _model) = (fit, part, model);
        _names = [.. Conditioning.Unknowns(fit, part, model).Select(unknown => unknown.Name)];
        var derivatives = Conditioning.Derivatives(fit, part, model);
        var inverse = Conditioning.PseudoInverse(derivatives.TransposeThisAndMultiply(derivatives));
        _ownCovariance = inverse * (noise.Run * noise.Run);
        _covariance = _ownCovariance
            + Shared(Cells.Of(fit.Rows), noise.Cell) + Shared(Trunks.Of(fit.Rows), noise.Trunk);
        (_reported, var transform) = RhoTransform.Create(fit, part, model, _names);
        _reportedCovariance = transform * _covariance * transform.Transpose();
        _reportedOwnCovariance = transform * _ownCovariance * transform.Transpose();
        var last = _names.Length - 1;
        double a = _ownCovariance[last - 1, last - 1], d = _ownCovariance[last, last],
            b = _ownCovariance[last - 1, last];
        double middle = 0.5 * (a + d), spread = Math.Sqrt(0.25 * (a - d) * (a - d) + b * b);
        ConditionOfExponents = middle > spread ? (middle + spread) / (middle - spread) : 1e16;

        // (JᵀJ)⁻¹ JᵀZZᵀJ (JᵀJ)⁻¹, Z the groups' indicators.
        Matrix<double> Shared(int[] groupOf, double deviation)
        {
            var moved = SharedNoise.GroupSums(groupOf, derivatives) * inverse * deviation;
            return moved.TransposeThisAndMultiply(moved);
        }
    }

    public double ConditionOfExponents { get; }

    /// <summary>The variance of log rho: what each run's own noise adds, which seeds divide, and the rest; NaN where
    /// the law has no such rho.</summary>
    public (double Own, double Shared) VarianceOfLog(string rho, string optimizer)
    {
        var row = Array.IndexOf(_reported, $"{rho}[{optimizer}]");
        if (row < 0) return (double.NaN, double.NaN);
        var own = _reportedOwnCovariance[row, row];
        return (own, _reportedCovariance[row, row] - own);
    }

    /// <summary>Adds the expected precision of every parameter, and of the loss at a target.</summary>
    public void Describe(double confidence, (double N, double D) target,
        List<ExpectedPrecision> precision, List<DetectableRho> detectable)
    {
        var z = MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, (1 + confidence) / 2);
        var single = _part.Optimizers.Length == 1 ? _fit.Optimizers[_part.Optimizers[0]] : "";
        for (var i = 0; i < _reported.Length; i++)
        {
            var (name, optimizer) = Split(_reported[i], single);
            double truth = Truth(name, optimizer), error = Math.Sqrt(_reportedCovariance[i, i]);
            var ofLogarithm = name is "A" or "B" or "rhoN" or "rhoD";
            precision.Add(Precision(optimizer, name, truth, ofLogarithm ? truth * error : error, z));
            if (name is "rhoN" or "rhoD") detectable.Add(new(optimizer, name, Math.Exp(GridDesign.Threshold * error)));
        }
        foreach (var o in _part.Optimizers) precision.Add(Loss(o, target, z));
    }

    private static (string Name, string Optimizer) Split(string reported, string single)
    {
        var bracket = reported.IndexOf('[');
        return bracket < 0 ? (reported, single) : (reported[..bracket], reported[(bracket + 1)..^1]);
    }

    private double Truth(string name, string optimizer)
    {
        var o = optimizer.Length > 0 ? _model.IndexOf(optimizer) : _model.Reference;
        var own = _model.Coefficients(o);
        return name switch
        {
            "E" => own.E,
            "A" => own.A,
            "B" => own.B,
            "alpha" => own.Alpha,
            "beta" => own.Beta,
            "rhoN" => _model.RhoN(o),
            _ => _model.RhoSecond(o),
        };
    }

    private ExpectedPrecision Loss(int optimizer, (double N, double D) target, double z)
    {
        var own = _model.Coefficients(optimizer);
        var slope = new double[FitData.LocalSize];
        _fit.Law.Gradient(own, Math.Log(target.N), Math.Log(target.D), slope);
        var gradient = Vector<double>.Build.Dense(_names.Length);
        var g = Array.IndexOf(_part.Optimizers, optimizer);
        gradient[_part.Data.Column[3 * g]] += slope[0];
        gradient[_part.Data.Column[3 * g + 1]] += slope[1] * own.A;
        gradient[_part.Data.Column[3 * g + 2]] += slope[2] * own.B;
        gradient[_names.Length - 2] = slope[3];
        gradient[_names.Length - 1] = slope[4];
        double truth = _model.Predict(optimizer, target.N, target.D),
            error = Math.Sqrt(gradient * (_covariance * gradient));
        return Precision(_fit.Optimizers[optimizer], "loss", truth, error, z);
    }

    // Nothing that a law has falls below zero, so that intervals are made of logarithms, by the delta method.
    private static ExpectedPrecision Precision(string optimizer, string name, double truth, double error, double z)
        => truth > 0
            ? new(optimizer, name, truth, error, truth * Math.Exp(-z * error / truth),
                truth * Math.Exp(z * error / truth))
            : new(optimizer, name, truth, error, 0, z * error);
}
