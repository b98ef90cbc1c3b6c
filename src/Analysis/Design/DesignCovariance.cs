using MathNet.Numerics.LinearAlgebra;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;

namespace PretrainBench.Analysis.Design;

/// <summary>The expected covariance of one block of optimizers, and what follows from it.</summary>
internal sealed class DesignCovariance
{
    private readonly PreparedFit _fit;
    private readonly FitPart _part;
    private readonly LawModel _model;
    private readonly string[] _names;
    private readonly string[] _reported;
    private readonly Matrix<double> _covariance, _reportedCovariance;

    public DesignCovariance(PreparedFit fit, FitPart part, LawModel model, double seedNoise)
    {
        (_fit, _part, _model) = (fit, part, model);
        _names = [.. Conditioning.Unknowns(fit, part, model).Select(unknown => unknown.Name)];
        var information = Matrix<double>.Build.DenseOfArray(Conditioning.Information(fit, part, model));
        _covariance = Conditioning.PseudoInverse(information) * (seedNoise * seedNoise);
        (_reported, var transform) = RhoTransform.Create(fit, part, model, _names);
        _reportedCovariance = transform * _covariance * transform.Transpose();
        var last = _names.Length - 1;
        double a = _covariance[last - 1, last - 1], d = _covariance[last, last], b = _covariance[last - 1, last];
        double middle = 0.5 * (a + d), spread = Math.Sqrt(0.25 * (a - d) * (a - d) + b * b);
        ConditionOfExponents = middle > spread ? (middle + spread) / (middle - spread) : 1e16;
    }

    public double ConditionOfExponents { get; }

    public double ErrorOfLog(string rho, string optimizer)
    {
        var row = Array.IndexOf(_reported, $"{rho}[{optimizer}]");
        return row < 0 ? double.NaN : Math.Sqrt(_reportedCovariance[row, row]);
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
