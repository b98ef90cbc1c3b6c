namespace PretrainBench.Analysis.Laws;

/// <summary>How the powers u = a / x1^alpha and v = b / x2^beta make up the part of the loss above the floor; all but
/// the sum have a shape, which is shared like the exponents.</summary>
public enum Joining
{
    /// <summary>u + v.</summary>
    Sum,

    /// <summary>(u + v)^gamma: N and D help each other (gamma below 1) or hinder (above).</summary>
    OuterExponent,

    /// <summary>u + v + kappa u v, the term C / (N^alpha D^beta) with C = kappa A B: what more parameters bring depends
    /// on the tokens that they see.</summary>
    Interaction,

    /// <summary>u + v, where tokens seen again count for less: the shape is 1 / R_D*
    /// (<see cref="RepeatedData"/>).</summary>
    Repeats,
}

/// <summary>Values, derivatives and inverses of each <see cref="Joining"/>.</summary>
internal static class JoinedPowers
{
    /// <summary>The shape with which a joining is the sum.</summary>
    public static double Neutral(Joining joining) => joining == Joining.OuterExponent ? 1 : 0;

    /// <summary>What the shape is called.</summary>
    public static string ShapeName(Joining joining) => joining switch
    {
        Joining.OuterExponent => "gamma",
        Joining.Interaction => "kappa",
        _ => "1 / repeat_constant",
    };

    public static double Value(Joining joining, double u, double v, double shape) => joining switch
    {
        Joining.OuterExponent when shape != 1 => Math.Pow(u + v, shape),
        Joining.Interaction => u + v + shape * u * v,
        _ => u + v,
    };

    /// <summary>The derivatives by u, v and the shape.</summary>
    public static (double U, double V, double Shape) Slopes(Joining joining, double u, double v, double shape)
    {
        if (joining is Joining.Sum or Joining.Repeats) return (1, 1, 0);
        if (joining == Joining.Interaction) return (1 + shape * v, 1 + shape * u, u * v);
        var power = Math.Pow(u + v, shape);
        var outer = shape * power / (u + v);
        return (outer, outer, power * Math.Log(u + v));
    }

    /// <summary>The v that with this u makes up a value; not above zero where no v does.</summary>
    public static double Second(Joining joining, double value, double u, double shape) => joining switch
    {
        Joining.OuterExponent when shape != 1 => Math.Pow(Math.Max(value, 0), 1 / shape) - u,
        Joining.Interaction => (value - u) / (1 + shape * u),
        _ => value - u,
    };
}
