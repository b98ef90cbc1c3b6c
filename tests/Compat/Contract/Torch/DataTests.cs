using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PretrainBench.Compat.Tests.Contract.Torch;

/// <summary>Types, devices, elements and bytes.</summary>
public class DataTests : TorchContract
{
    [Fact]
    public void Conversions()
    {
        var x = Reals(1.5, 0);
        Assert.Equal([float32, float64, int32, int64, @bool, bfloat16, float16], new[] { x.@float(), x.@double(), x.@int(), x.@long(), x.@bool(), x.bfloat16(), x.half() }.Select(t => t.dtype));
        Assert.Equal([float32, float32, float32, int64], new[] { x.to(float32), x.to_type(float32), x.type(float32), x.type_as(tensor(1L)) }.Select(t => t.dtype));
        foreach (var same in new[] { x.to(float64), x.to(CPU), x.to("cpu"), x.to(DeviceType.CPU), x.to(float64, CPU), x.to(zeros(1, dtype: float64)), x.cpu() })
        {
            Assert.NotSame(x, same);
            same.add_(1);
        }

        Equal(x, 8.5, 7);
        x.to(float64, copy: true).add_(1);
        Equal(x, 8.5, 7);
        var gone = Reals(1);
        gone.to(float32, disposeAfter: true);
        Assert.True(gone.IsInvalid);
        GradientIsRight(y => y.to(float32).to(float64), x, step: 1e-2, tolerance: 1e-4);
    }

    [Fact]
    public void Elements()
    {
        Assert.Equal(2.5f, tensor(2.5f).item<float>());
        Assert.Equal(2.5, tensor(2.5).item<double>());
        Assert.Equal(new BFloat16(2.5f), tensor(2.5).bfloat16().item<BFloat16>());
        Assert.Throws<ArgumentException>(() => tensor(2.5f).item<double>());
        Assert.Throws<ArgumentException>(() => Reals(1, 2).item<double>());
        Assert.Equal(ScalarType.Int64, tensor(3L).ToScalar().Type);
        Assert.Equal(0.5, tensor(0.5f).ToScalar().ToDouble());
    }

    [Fact]
    public void Accessors_see_the_tensor_in_row_major_order()
    {
        var x = TwoByThree();
        using TensorAccessor<double> data = x.t().data<double>();
        Assert.Equal([0, 3, 1, 4, 2, 5], data.ToArray());
        Assert.Equal(6, data.Count);
        Assert.False(data.IsReadOnly);
        Assert.Equal(5, data[2, 1]);
        data[2, 1] = 7;
        Assert.Equal(7, x[1, 2].item<double>());
        var array = new double[3];
        data.CopyTo(array, 1, 4);
        Assert.Equal([0, 2, 7], array);
        data.CopyTo(array.AsSpan(), tensorIndex: 1);
        Assert.Equal([3, 1, 4], array);
        data.CopyFrom(new double[] { 9, 8 }, 0, 0);
        data.CopyFrom((ReadOnlySpan<double>)[6], 0, 2);
        Equal(x, 9, 6, 2, 8, 4, 7);
        Assert.Equal(36, data.Sum());
        Assert.Throws<ArgumentException>(() => x.data<float>());
    }

    [Fact]
    public void Bytes()
    {
        var x = tensor(new[] { 1f, 2 });
        x.bytes[3] = 0x40;
        Equal(x, 4, 2);
        x.bytes = new byte[8];
        Equal(x, 0, 0);
        Assert.Throws<InvalidOperationException>(() => Square2().t().bytes.Length);
        using var stream = new MemoryStream();
        Square2().WriteBytesToStream(stream, bufferSize: 5);
        Assert.Equal(32, stream.Length);
        stream.Position = 0;
        var y = zeros(2, 2, float64);
        y.ReadBytesFromStream(stream, bufferSize: 7);
        Equal(y, 1, 2, 3, 4);
    }

    [Fact]
    public void Copies_and_fills_in_place()
    {
        var x = zeros(2, float64);
        Assert.Same(x, x.copy_(tensor(new[] { 1f, 2 })));
        Equal(x, 1, 2);
        Assert.Same(x, x.fill_(3));
        Equal(x, 3, 3);
        var view = Square2();
        view.t().zero_();
        Equal(view, 0, 0, 0, 0);
        Assert.NotSame(x, x.zero_());
        Equal(x, 0, 0);
    }

    [Fact]
    public void Devices()
    {
        Assert.Equal((DeviceType.CUDA, 3), (new Device("cuda:3").type, new Device("cuda:3").index));
        Assert.Equal((DeviceType.CPU, -1), (new Device("cpu", -1).type, device("cpu").index));
        Assert.Equal((DeviceType.CUDA, 1), (device("cuda", 1).type, device(DeviceType.CUDA, 1).index));
        Assert.Equal((DeviceType.CUDA, 2), (new Device(2).type, device(2).index));
        Assert.Equal("cuda:1", new Device(DeviceType.CUDA, 1).ToString());
        Device implicitly = "cpu";
        Assert.Equal("cpu", implicitly.ToString());
        Assert.Throws<ArgumentException>(() => new Device("gpu0"));
        Assert.Equal(DeviceType.META, META.type);
        Assert.Equal(DeviceType.CUDA, CUDA.type);
        var x = zeros(1);
        Assert.Equal((DeviceType.CPU, -1, DeviceType.CPU, false), (x.device_type, x.device_index, x.device.type, x.is_cuda));
        Assert.True(zeros(1, device: META).is_meta);
        Assert.Equal(cuda.is_available(), cuda.device_count() > 0);
        Assert.Equal(cuda.is_available(), cuda_is_available());
    }

    [Fact]
    public void Bf16_rounds_to_nearest_even()
    {
        Assert.Equal(256f, new BFloat16(257f).ToSingle());
        Assert.Equal(260f, (float)(BFloat16)259f);
        Assert.Equal(1.0, (double)(BFloat16)1.0);
        Assert.True(float.IsNaN(new BFloat16(float.NaN).ToSingle()));
        Assert.Equal(1f, BFloat16.FromRawValue(0x3f80).ToSingle());
        BFloat16 one = new(1), two = new(2);
        Assert.True(one < two && one <= two && two > one && two >= one && one != two && one == new BFloat16(1));
        Assert.True(one.CompareTo(two) < 0 && one.Equals(new BFloat16(1)));
        foreach (var value in new[] { 1.00390625f, 1.01171875f, 3.1415927f, -1e-30f, 65504f })
            Assert.Equal(tensor(value).bfloat16().@float().item<float>(), new BFloat16(value).ToSingle());
    }
}
