using MathNet.Numerics;
using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Tests.Charts;

public class MarchingSquaresTests
{
    private static readonly double[] Places = Generate.LinearSpaced(61, -1.5, 1.5);

    [Fact]
    public void A_circle_is_one_closed_line_on_the_circle()
    {
        ChartGrid grid = new(Places, Places, (x, y) => Math.Sqrt(x * x + y * y));
        List<(double X, double Y)> line = Assert.Single(MarchingSquares.Lines(Places, Places, grid.Values, 1));
        Assert.Equal(line[0], line[^1]);
        Assert.All(line, p => Assert.Equal(1, Math.Sqrt(p.X * p.X + p.Y * p.Y), 0.002));
        double length =
            line.Zip(line.Skip(1), (a, b) => Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2))).Sum();
        Assert.Equal(2 * Math.PI, length, 0.01);
    }

    [Fact]
    public void A_plane_gives_one_open_straight_line()
    {
        ChartGrid grid = new(Places, Places, (x, y) => x + 2 * y);
        List<(double X, double Y)> line = Assert.Single(MarchingSquares.Lines(Places, Places, grid.Values, 0.3));
        Assert.All(line, p => Assert.Equal(0.3, p.X + 2 * p.Y, 9));
        Assert.NotEqual(line[0], line[^1]);
    }

    [Fact]
    public void A_saddle_gives_two_branches_that_do_not_cross()
    {
        double[] even = Generate.LinearSpaced(20, -1, 1);
        ChartGrid grid = new(even, even, (x, y) => x * y);
        Assert.Equal(2, MarchingSquares.Lines(even, even, grid.Values, 0.001).Count);
        Assert.Equal(2, MarchingSquares.Lines(even, even, grid.Values, -0.001).Count);
    }

    [Fact]
    public void Cells_without_a_value_and_levels_out_of_range_give_nothing()
    {
        ChartGrid hole = new(Places, Places, (x, _) => x < 0 ? double.NaN : x);
        Assert.All(MarchingSquares.Lines(Places, Places, hole.Values, 0.5).SelectMany(l => l),
            p => Assert.True(p.X > 0));
        Assert.Empty(MarchingSquares.Lines(Places, Places, hole.Values, 9));
    }
}
