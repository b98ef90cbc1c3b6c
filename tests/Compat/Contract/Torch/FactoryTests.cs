using TorchSharp;
using static TorchSharp.torch;

namespace PretrainBench.Compat.Tests.Contract.Torch;

public class FactoryTests : TorchContract
{
    [Fact]
    public void Filled_shapes()
    {
        long[] shape = [2, 3];
        ReadOnlySpan<long> span = shape;
        foreach (var t in new[] { zeros(shape), zeros(span), zeros(2, 3), zeros(2L, 3L), zeros_like(ones(2, 3)), zeros(2, 3, 1).view(2, 3), zeros(2L, 3L, 1L).view(2, 3), zeros(2, 3, 1, 1).view(2, 3), zeros(2L, 3L, 1L, 1L).view(2, 3), zeros(6).view(2, 3), zeros(6L).view(2, 3) })
            Equal(t, 0, 0, 0, 0, 0, 0);
        foreach (var t in new[] { ones(shape), ones(span), ones(2, 3), ones(2L, 3L), ones_like(zeros(2, 3)), ones(2, 3, 1).view(2, 3), ones(2L, 3L, 1L).view(2, 3), ones(2, 3, 1, 1).view(2, 3), ones(2L, 3L, 1L, 1L).view(2, 3), ones(6).view(2, 3), ones(6L).view(2, 3) })
            Equal(t, 1, 1, 1, 1, 1, 1);
        foreach (var t in new[] { full(shape, 7), full(span, 7), full(2, 3, 7), full(2L, 3L, 7), full_like(zeros(2, 3), 7), full(2, 3, 1, 7).view(2, 3), full(2L, 3L, 1L, 7).view(2, 3), full(2, 3, 1, 1, 7).view(2, 3), full(2L, 3L, 1L, 1L, 7).view(2, 3), full(6, 7).view(2, 3), full(6L, 7).view(2, 3) })
            Equal(t, 7, 7, 7, 7, 7, 7);
        foreach (var t in new[] { empty(shape), empty(span), empty(2, 3), empty(2L, 3L), empty_like(zeros(2, 3)), empty(2, 3, 1).view(2, 3), empty(2L, 3L, 1L).view(2, 3), empty(2, 3, 1, 1).view(2, 3), empty(2L, 3L, 1L, 1L).view(2, 3), empty(6).view(2, 3), empty(6L).view(2, 3) })
            Shape(t, 2, 3);
    }

    [Fact]
    public void Types_and_flags_by_default_and_on_request()
    {
        Assert.Equal(ScalarType.Float32, zeros(2).dtype);
        Assert.Equal(ScalarType.Int64, full([2], 4).dtype);
        Assert.Equal(ScalarType.Float32, full([2], 4.0).dtype);
        Assert.Equal(ScalarType.Int64, arange(3).dtype);
        Assert.Equal(ScalarType.Float32, arange(0, 1, 0.5).dtype);
        Assert.Equal(new[] { @bool, uint8, int8, int16, int32, int64, float16, bfloat16, float32, float64 }, new[] { @bool, uint8, int8, int16, int32, int64, float16, bfloat16, float32, float64 }.Select(type => zeros(2, dtype: type).dtype));
        var x = ones(2, dtype: float64, device: CPU, requires_grad: true);
        Assert.True(x.requires_grad && x.is_leaf && x.is_cpu() && x.dtype == float64);
        Assert.False(x.mul(2).is_leaf);
    }

    [Fact]
    public void Sequences_and_identities()
    {
        Equal(arange(4), 0, 1, 2, 3);
        Equal(arange(1, 4), 1, 2, 3);
        Equal(arange(1, 8, 3), 1, 4, 7);
        Equal(linspace(0, 1, 3), 0, 0.5, 1);
        Equal(eye(2), 1, 0, 0, 1);
        Equal(eye(1, 2), 1, 0);
    }

    [Fact]
    public void Numbers_and_arrays_are_copied()
    {
        Equal(tensor(2f), 2);
        Equal(tensor(2.0, float32), 2);
        Equal(tensor(2), 2);
        Equal(tensor(2L), 2);
        Equal(tensor(true), 1);
        Equal(tensor(new BFloat16(2)), 2);
        var floats = new[] { 1f, 2 };
        var t = tensor(floats);
        floats[0] = 9;
        Equal(t, 1, 2);
        Equal(tensor(new[] { 1.5, 2.5 }), 1.5, 2.5);
        Equal(tensor(new[] { 1, 2 }), 1, 2);
        Equal(tensor(new[] { 1L, 2L }), 1, 2);
        Equal(tensor(new[] { true, false }), 1, 0);
        Equal(tensor(new[] { new BFloat16(1), new BFloat16(2) }), 1, 2);
    }

    [Fact]
    public void Arrays_take_shapes()
    {
        long[] shape = [2, 1];
        Shape(tensor(new[] { 1f, 2 }, shape), 2, 1);
        Shape(tensor(new[] { 1.0, 2 }, shape), 2, 1);
        Shape(tensor(new[] { 1, 2 }, shape), 2, 1);
        Shape(tensor(new[] { 1L, 2 }, shape), 2, 1);
        Shape(tensor(new[] { true, false }, shape), 2, 1);
        Equal(tensor(new[,] { { 1f, 2 }, { 3, 4 } }), 1, 2, 3, 4);
        Equal(tensor(new[,] { { 1.0, 2 }, { 3, 4 } }), 1, 2, 3, 4);
        Equal(tensor(new[,] { { 1, 2 }, { 3, 4 } }), 1, 2, 3, 4);
        Equal(tensor(new[,] { { 1L, 2 }, { 3, 4 } }), 1, 2, 3, 4);
        Equal(tensor(new[,] { { true, false } }), 1, 0);
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => tensor(new[] { 1f, 2 }, new long[] { 3 }));
    }

    [Fact]
    public void From_array_aliases_the_array()
    {
        var array = new[] { 1f, 2 };
        var t = from_array(array);
        array[1] = 5;
        Equal(t, 1, 5);
        Assert.Equal(ScalarType.Float64, from_array(array, ScalarType.Float64).dtype);
        Equal(as_tensor(t, ScalarType.Float64), 1, 5);
    }
}
