using System.Buffers.Binary;
using System.Numerics;

namespace PretrainBench.Training.Results;

/// <summary>Appends to a file of TensorBoard's events: records of TensorFlow's form, each with its length and the
/// check sums of both. TorchSharp has a writer too (<c>torch.utils.tensorboard</c>), which dates its events wrongly,
/// opens the file anew for every value and knows no hyper-parameters.</summary>
internal sealed class EventFile : IDisposable
{
    /// <summary>TensorBoard takes every file with <c>tfevents</c> in its name.</summary>
    internal const string Name = "events.out.tfevents";

    private const int HeaderBytes = 12, CheckBytes = 4;

    private readonly FileStream _stream;

    public EventFile(string folder)
    {
        _stream = new FileStream(Path.Combine(folder, Name), FileMode.CreateNew, FileAccess.Write, FileShare.Read,
            bufferSize: 0);
        Write(Dated().Text(3, "brain.Event:2"));
    }

    /// <summary>Writes what holds at a step.</summary>
    /// <param name="values">Each a <c>Summary.Value</c>.</param>
    public void Write(long step, IEnumerable<ProtobufMessage> values)
    {
        var summary = new ProtobufMessage();
        foreach (var value in values) summary.Message(1, value);
        Write(Dated().Whole(2, step).Message(5, summary));
    }

    public void Dispose() => _stream.Dispose();

    private static ProtobufMessage Dated()
        => new ProtobufMessage().Real(1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0);

    // In one piece: a killed process leaves no half record.
    private void Write(ProtobufMessage message)
    {
        var content = message.Bytes;
        var record = new byte[HeaderBytes + content.Length + CheckBytes];
        BinaryPrimitives.WriteInt64LittleEndian(record, content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), CheckSum(record.AsSpan(0, 8)));
        content.CopyTo(record.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(HeaderBytes + content.Length), CheckSum(content));
        _stream.Write(record);
    }

    /// <summary>CRC-32C, turned by 15 bits and moved by a constant, so that sums of sums are no accident.</summary>
    internal static uint CheckSum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var value in bytes) sum = BitOperations.Crc32C(sum, value);
        return BitOperations.RotateRight(~sum, 15) + 0xa282ead8u;
    }
}
