using System.Text;
using static TorchSharp.torch;

namespace PretrainBench.Torch.Tests;

public class SafetensorsTests
{
    private static byte[] Written(params (string Name, Tensor Value)[] tensors)
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, tensors.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)),
            new Dictionary<string, string> { ["k"] = "v" });
        return stream.ToArray();
    }

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        using var scope = NewDisposeScope();
        var bytes = Written(("b", tensor(new float[] { 1, -2 })), ("a", tensor(new long[] { 7 }, new long[] { 1, 1 })));
        const string Header = """{"__metadata__":{"k":"v"},"a":{"dtype":"I64","shape":[1,1],"data_offsets":"""
            + """[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""";
        var length = BitConverter.ToInt64(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(Header, Encoding.UTF8.GetString(bytes, 8, (int)length).TrimEnd(' '));
        Assert.Equal([.. BitConverter.GetBytes(7L), .. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(-2f)],
            bytes[(8 + (int)length)..]);
    }

    [Fact]
    public void Types_shapes_and_views_come_back()
    {
        using var scope = NewDisposeScope();
        (string Name, Tensor Value)[] tensors =
        [
            ("double", arange(6, dtype: ScalarType.Float64).view(2, 3)),
            ("transposed", arange(6, dtype: ScalarType.Float32).view(2, 3).t()),
            ("rounded", tensor(new[] { 0.1f, 3.5f }).to(ScalarType.BFloat16)),
            ("scalar", tensor(new[] { 2.5f }).view(Array.Empty<long>())),
            ("nothing", empty(new long[] { 0, 4 })), ("bytes", tensor(new[] { 1, 255 }).to(ScalarType.Byte)),
        ];
        var read = SafetensorsFile.Read(new MemoryStream(Written(tensors)));
        Assert.Equal(tensors.Length, read.Count);
        foreach (var (name, value) in tensors)
        {
            Assert.Equal((value.dtype, true), (read[name].dtype, value.shape.SequenceEqual(read[name].shape)));
            Assert.True(value.numel() == 0 || value.Equals(read[name]), name);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(20)]
    [InlineData(-1)]
    public void A_file_cut_short_is_refused(int at)
    {
        using var scope = NewDisposeScope();
        var bytes = Written(("a", arange(10, dtype: ScalarType.Float32)));
        Assert.Throws<InvalidDataException>(
            () => SafetensorsFile.Read(new MemoryStream(bytes[..(at < 0 ? bytes.Length + at : at)])));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,-8]}}""")]
    [InlineData("""{"a":{"shape":[2]}}""")]
    [InlineData("not json at all")]
    public void An_impossible_header_is_refused(string header)
    {
        var text = Encoding.UTF8.GetBytes(header);
        Assert.Throws<InvalidDataException>(
            () => SafetensorsFile.Read(
                new MemoryStream([.. BitConverter.GetBytes((long)text.Length), .. text, .. new byte[16]])));
    }
}
