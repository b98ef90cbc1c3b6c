using TorchSharp;
using static TorchSharp.torch;

namespace PretrainBench.Compat.Tests.Contract.Torch;

/// <summary>C# operators and conversions.</summary>
public class OperatorTests : TorchContract
{
    private static Tensor A => Reals(1, 2, 4);

    private static Tensor B => Reals(4, 2, 1);

    private static Scalar Two => 2;

    [Fact]
    public void Arithmetic_with_tensors_scalars_and_numbers()
    {
        Equal(A + B, 5, 4, 5);
        Equal(A + Two, 3, 4, 6);
        Equal(Two + A, 3, 4, 6);
        Equal((A + 1) + (A + 1L) + (A + 1f) + (A + 1.0), 8, 12, 20);
        Equal((1 + A) + (1L + A) + (1f + A) + (1.0 + A), 8, 12, 20);
        Equal(A - B, -3, 0, 3);
        Equal(A - Two, -1, 0, 2);
        Equal(Two - A, 1, 0, -2);
        Equal((A - 1) + (A - 1L) + (A - 1f) + (A - 1.0), 0, 4, 12);
        Equal((1 - A) + (1L - A) + (1f - A) + (1.0 - A), 0, -4, -12);
        Equal(-A, -1, -2, -4);
        Equal(A * B, 4, 4, 4);
        Equal(A * Two, 2, 4, 8);
        Equal(Two * A, 2, 4, 8);
        Equal((A * 2) + (A * 2L) + (A * 2f) + (A * 2.0), 8, 16, 32);
        Equal((2 * A) + (2L * A) + (2f * A) + (2.0 * A), 8, 16, 32);
        Equal(A / B, 0.25, 1, 4);
        Equal(A / Two, 0.5, 1, 2);
        Equal(Two / A, 2, 1, 0.5);
        Equal((A / 2) + (A / 2L) + (A / 2f) + (A / 2.0), 2, 4, 8);
        Equal((2 / A) + (2L / A) + (2f / A) + (2.0 / A), 8, 4, 2);
        Equal(A % Reals(3, 3, 3), 1, 2, 1);
        Equal(A % Two, 1, 0, 0);
        Equal((A % 3) + (A % 3L) + (A % 3f) + (A % 3.0), 4, 8, 4);
    }

    [Fact]
    public void Comparisons_are_elementwise()
    {
        Equal(A == B, 0, 1, 0);
        Equal(A == Two, 0, 1, 0);
        Equal(Two == A, 0, 1, 0);
        Equal(A != B, 1, 0, 1);
        Equal(A != Two, 1, 0, 1);
        Equal(Two != A, 1, 0, 1);
        Equal(A < B, 1, 0, 0);
        Equal(A < Two, 1, 0, 0);
        Equal(Two < A, 0, 0, 1);
        Equal(A <= B, 1, 1, 0);
        Equal(A <= Two, 1, 1, 0);
        Equal(Two <= A, 0, 1, 1);
        Equal(A > B, 0, 0, 1);
        Equal(A > Two, 0, 0, 1);
        Equal(Two > A, 1, 0, 0);
        Equal(A >= B, 0, 1, 1);
        Equal(A >= Two, 0, 1, 1);
        Equal(Two >= A, 1, 1, 0);
        Equal((A > 1) & (A < 4), 0, 1, 0);
        Equal((A < 2) | (A > 2), 1, 0, 1);
        Equal((A > 1) ^ (A > 2), 0, 1, 0);
        Equal(~(A > 1), 1, 0, 0);
    }

    [Fact]
    public void Casts_read_one_element_of_any_type()
    {
        Assert.Equal(2.5f, (float)tensor(2.5));
        Assert.Equal(2.5, (double)tensor(2.5f));
        Assert.Equal(2, (int)tensor(2L));
        Assert.Equal(2L, (long)tensor(2));
        Assert.True((bool)tensor(true));
        Assert.Equal(2.5f, tensor(2.5).ToSingle());
        Assert.Equal(2.5, tensor(2.5f).ToDouble());
        Assert.Equal(3, tensor(3L).ToInt32());
        Assert.Equal(3L, tensor(3).ToInt64());
        Assert.True(tensor(1).ToBoolean());
    }

    [Fact]
    public void Numbers_and_arrays_become_tensors()
    {
        Tensor i = 3, l = 3L, f = 3f, d = 3.0, b = true, s = Two;
        Assert.Equal([ScalarType.Int32, ScalarType.Int64, ScalarType.Float32, ScalarType.Float64, ScalarType.Bool, ScalarType.Int32], new[] { i, l, f, d, b, s }.Select(t => t.dtype));
        Shape(i);
        Tensor ints = new[] { 1, 2 }, longs = new[] { 1L, 2 }, floats = new[] { 1f, 2 }, doubles = new[] { 1.0, 2 }, truths = new[] { true, false };
        Assert.Equal([ScalarType.Int32, ScalarType.Int64, ScalarType.Float32, ScalarType.Float64, ScalarType.Bool], new[] { ints, longs, floats, doubles, truths }.Select(t => t.dtype));
        Equal(floats, 1, 2);
    }

    [Fact]
    public void Scalars_carry_their_type()
    {
        Scalar[] scalars = [(byte)1, (sbyte)1, (short)1, 1, 1L, (Half)1, new BFloat16(1), 1f, 1.0, true];
        Assert.Equal([ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64, ScalarType.Bool], scalars.Select(s => s.Type));
        Assert.All(scalars, s => Assert.Equal(1.0, s.Type == ScalarType.Bool ? s.ToBoolean() ? 1.0 : 0 : s.ToDouble()));
        Assert.Equal((byte)7, ((Scalar)7).ToByte());
        Assert.Equal((short)7, ((Scalar)7).ToInt16());
        Assert.Equal(7, ((Scalar)7).ToInt32());
        Assert.Equal(7L, ((Scalar)7).ToInt64());
        Assert.Equal(7.5f, ((Scalar)7.5).ToSingle());
        Assert.Equal(ScalarType.Int32, 7.ToScalar().Type);
        Assert.Equal(ScalarType.Int64, 7L.ToScalar().Type);
        Assert.Equal(ScalarType.Float32, 7f.ToScalar().Type);
        Assert.Equal(ScalarType.Float64, 7.0.ToScalar().Type);
        Assert.Equal(ScalarType.Bool, true.ToScalar().Type);
        Assert.Equal(ScalarType.BFloat16, new BFloat16(1).ToScalar().Type);
        using var scalar = 7.ToScalar();
    }
}
