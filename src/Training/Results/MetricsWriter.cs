using System.Text.Json;

namespace PretrainBench.Training.Results;

/// <summary>Appends to <c>metrics.jsonl</c>; a killed process leaves no half line.</summary>
internal sealed class MetricsWriter : IDisposable
{
    private readonly FileStream _stream;
    private readonly string _path;

    public MetricsWriter(string path)
    {
        _path = path;
        _stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    public void Write(MetricsLine line)
    {
        try
        {
            _stream.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, JsonFormat.Line), (byte)'\n']);
        }
        catch (IOException e)
        {
            throw new UserException($"{_path}: cannot be written: {e.Message} Free some space and run the same command "
                + "again: training goes on from the last checkpoint.", ExitCodes.Failed, e);
        }
    }

    public void Dispose() => _stream.Dispose();
}
