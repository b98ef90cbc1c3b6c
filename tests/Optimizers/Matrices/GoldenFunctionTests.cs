using System.Text.Json;
using PretrainBench.Optimizers.Matrices;
using PretrainBench.Optimizers.Tests.Golden;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Matrices;

/// <summary>The function files of the golden set.</summary>
public class GoldenFunctionTests
{
    [Fact]
    public void Newton_schulz_agrees_with_the_reference()
        => Orthogonalises("newton-schulz", new OrthogonalisationOptions());

    [Fact]
    public void Polar_express_agrees_with_the_reference()
        => Orthogonalises("polar-express", new OrthogonalisationOptions { Coefficients = CoefficientSet.PolarExpress });

    [Fact]
    public void Inverse_roots_agree_with_the_reference()
    {
        foreach (var (file, item) in GoldenFiles.Cases("inverse-root"))
        {
            using var scope = NewDisposeScope();
            var result = MatrixRoots.InverseRoot(Matrix(item, "input"), 1 / item.GetProperty("root").GetDouble(),
                item.GetProperty("epsilon").GetDouble())!;
            var expected = Numbers(item.GetProperty("output"));
            AssertClose(expected, result,
                file.GetProperty("tolerance").GetProperty("rtol").GetDouble() * expected.Max(Math.Abs));
        }
    }

    [Fact]
    public void Shampoo_merges_dimensions_as_the_reference()
    {
        foreach (var (_, item) in GoldenFiles.Cases("shampoo-merge-dims"))
            Assert.Equal(Sizes(item, "merged"),
                DimensionMerging.Backward(Sizes(item, "shape"), item.GetProperty("threshold").GetInt64(),
                item.GetProperty("target") is { ValueKind: JsonValueKind.Number } target ? target.GetInt32() : null));
    }

    [Fact]
    public void Soap_merges_dimensions_as_the_reference()
    {
        foreach (var (_, item) in GoldenFiles.Cases("soap-merge-dims"))
            Assert.Equal(Sizes(item, "merged"),
                DimensionMerging.Forward(Sizes(item, "shape"), item.GetProperty("max_precond_dim").GetInt64()));
    }

    [Fact]
    public void Shampoo_blocks_are_those_of_the_reference_in_its_order()
    {
        foreach (var (_, item) in GoldenFiles.Cases("shampoo-blocking"))
        {
            using var scope = NewDisposeScope();
            var shape = Sizes(item, "shape");
            var blocks = TensorBlocks.Split(arange(shape.Aggregate((a, b) => a * b)).reshape(shape),
                item.GetProperty("block").GetInt64());
            var expected = item.GetProperty("blocks").EnumerateArray().ToList();
            Assert.Equal(expected.Count, blocks.Count);
            foreach (var (block, description) in blocks.Zip(expected))
            {
                Assert.Equal(Sizes(description, "shape"), block.shape);
                Assert.Equal(Sizes(description, "elements"), block.data<long>().ToArray());
            }
        }
    }

    private static void Orthogonalises(string function, OrthogonalisationOptions options)
    {
        foreach (var (file, item) in GoldenFiles.Cases(function))
        {
            using var scope = NewDisposeScope();
            AssertClose(Numbers(item.GetProperty("output")), NewtonSchulz.Orthogonalise(Matrix(item, "input"), options),
                file.GetProperty("tolerance").GetProperty("atol").GetDouble());
        }
    }

    private static void AssertClose(double[] expected, Tensor actual, double tolerance)
    {
        var deviation = actual.contiguous().data<double>().ToArray().Zip(expected, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(deviation <= tolerance, $"off by {deviation:E2}, allowed {tolerance:E2}");
    }

    private static Tensor Matrix(JsonElement item, string name)
        => tensor(Numbers(item.GetProperty(name)), Sizes(item, "shape"), ScalarType.Float64);

    private static long[] Sizes(JsonElement item, string name)
        => [.. item.GetProperty(name).EnumerateArray().Select(x => x.GetInt64())];

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(x => x.GetDouble())];
}
