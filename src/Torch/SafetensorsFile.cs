using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace PretrainBench.Torch;

/// <summary>The safetensors format (github.com/huggingface/safetensors): eight bytes with the header's length,
/// little-endian; the header, JSON with each tensor's type, shape and place; then the values, row by row,
/// little-endian.</summary>
public static class SafetensorsFile
{
    // A header beyond this is refused: the format's own limit.
    private const long LongestHeader = 100_000_000;

    // Values are copied in pieces of this many numbers: buffers stay small, and far from .NET's limit of 2 GiB.
    private const long Piece = 1 << 20;

    /// <summary>Writes tensors, on any device, with free texts for the header's <c>__metadata__</c>.</summary>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        var header = Header(ordered, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, tensor) in ordered) WriteValues(stream, tensor);
    }

    /// <summary>Reads the header from the file's beginning; the stream stands at the first value afterwards.</summary>
    /// <exception cref="InvalidDataException">It is no safetensors file, or its header is damaged.</exception>
    public static SafetensorsHeader ReadHeader(Stream stream)
    {
        try
        {
            Span<byte> prefix = stackalloc byte[8];
            stream.ReadExactly(prefix);
            var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
            if (length is < 2 or > LongestHeader) throw new InvalidDataException("the header's length is impossible");
            var bytes = new byte[length];
            stream.ReadExactly(bytes);
            return SafetensorsHeader.Parse(bytes);
        }
        catch (Exception e) when (e is EndOfStreamException or JsonException or InvalidOperationException
            or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"no valid safetensors header: {e.Message}", e);
        }
    }

    /// <summary>Reads all tensors from the file's beginning, on the CPU; the caller (or its scope) disposes
    /// them.</summary>
    /// <exception cref="InvalidDataException">It is no safetensors file, or it is damaged or cut short.</exception>
    public static Dictionary<string, Tensor> Read(Stream stream)
    {
        var header = ReadHeader(stream);
        // Before memory is taken for what a damaged header claims.
        if (header.Entries.FirstOrDefault(entry => entry.End > stream.Length - stream.Position) is { } beyond)
            throw new InvalidDataException($"the values of `{beyond.Name}` are cut short");
        var tensors = new Dictionary<string, Tensor>();
        foreach (var entry in header.Entries.OrderBy(entry => entry.Begin))
        {
            var tensor = empty(entry.Shape, dtype: entry.Type);
            try
            {
                ReadValues(stream, tensor);
            }
            catch (EndOfStreamException e)
            {
                throw new InvalidDataException($"the values of `{entry.Name}` are cut short", e);
            }
            tensors[entry.Name] = tensor;
        }
        return tensors;
    }

    private static byte[] Header(
        List<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        long offset = 0;
        var entries = new List<SafetensorsEntry>();
        foreach (var (name, tensor) in tensors)
        {
            var end = offset + tensor.numel() * tensor.element_size();
            entries.Add(new SafetensorsEntry(name, tensor.dtype, tensor.shape, offset, end));
            offset = end;
        }
        return new SafetensorsHeader(entries, metadata ?? new Dictionary<string, string>()).ToBytes();
    }

    private static void WriteValues(Stream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var flat = tensor.cpu().contiguous().view(-1);
        for (long at = 0; at < flat.numel(); at += Piece)
        {
            using var piece = flat.narrow(0, at, Math.Min(Piece, flat.numel() - at));
            stream.Write(piece.bytes);
        }
    }

    private static void ReadValues(Stream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var flat = tensor.view(-1);
        for (long at = 0; at < flat.numel(); at += Piece)
        {
            using var piece = flat.narrow(0, at, Math.Min(Piece, flat.numel() - at));
            stream.ReadExactly(piece.bytes);
        }
    }
}
