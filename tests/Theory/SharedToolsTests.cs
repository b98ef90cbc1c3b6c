using MathNet.Numerics;

namespace PretrainBench.Theory.Tests;

public class SharedToolsTests
{
    [Fact]
    public void The_power_sum_equals_the_zeta_function()
    {
        Assert.Equal(Math.PI * Math.PI / 6, PowerSums.Tail(0, 2), 1e-13);
        Assert.Equal(2.612375348685488, PowerSums.Tail(0, 1.5), 1e-12);
        Assert.Equal(2.612375348685488 - Enumerable.Range(1, 500).Sum(i => Math.Pow(i, -1.5)),
            PowerSums.Tail(500, 1.5), 1e-12);
    }

    [Fact]
    public void A_power_law_is_recovered()
    {
        double[] x = Generate.LogSpaced(7, Math.Log10(2), Math.Log10(2000));
        Assert.Equal(-0.7, PowerLaw.SlopeOf(x, Array.ConvertAll(x, v => 3 * Math.Pow(v, -0.7))), 1e-12);
        Assert.Throws<ArgumentException>(() => PowerLaw.SlopeOf([1, 2], [1, 0]));
    }

    [Fact]
    public void Tables_quote_and_keep_every_bit()
    {
        var table = new LabTable("t", ["a,b", "c"], [[0.1 + 0.2, "say \"x\""], [double.NaN, null]]);
        Assert.Equal("\"a,b\",c\n0.30000000000000004,\"say \"\"x\"\"\"\nNaN,\n", table.ToCsv());
    }
}
