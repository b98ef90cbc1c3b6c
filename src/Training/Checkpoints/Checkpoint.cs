using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PretrainBench.Torch;

namespace PretrainBench.Training.Checkpoints;

/// <summary>A folder <c>step-00001234</c> with <c>weights.safetensors</c>, <c>optimizer.safetensors</c>,
/// <c>average.safetensors</c> where the weights are averaged, <c>state.json</c> and <c>SHA256SUMS</c> (<c>sha256sum
/// -c</c> reads it). It is written under another name, flushed, and renamed when whole.</summary>
internal static class Checkpoint
{
    public const string WeightsFile = "weights.safetensors";
    public const string OptimizerFile = "optimizer.safetensors";
    public const string AverageFile = "average.safetensors";
    public const string StateFile = "state.json";
    public const string SumsFile = "SHA256SUMS";
    public const string Prefix = "step-";

    /// <summary>Writes a checkpoint where an attempt keeps them and returns its folder; when it fails, nothing is left
    /// of it.</summary>
    /// <exception cref="UserException">The disk is full or the place cannot be written.</exception>
    public static string Write(string checkpointsFolder, CheckpointState state,
        IEnumerable<KeyValuePair<string, Tensor>> weights, IEnumerable<KeyValuePair<string, Tensor>> optimizerState,
        IEnumerable<KeyValuePair<string, Tensor>>? average)
    {
        var target = Path.Combine(checkpointsFolder, $"{Prefix}{state.Step:D8}");
        var aside = TemporaryName.Beside(target);
        try
        {
            return AtomicFolder.Write(target, aside, folder =>
            {
                string[] sums =
                [
                    WriteFile(folder, WeightsFile, stream => SafetensorsFile.Write(stream, weights)),
                    WriteFile(folder, OptimizerFile, stream => SafetensorsFile.Write(stream, optimizerState)),
                    .. average is null ? Array.Empty<string>()
                        : [WriteFile(folder, AverageFile, stream => SafetensorsFile.Write(stream, average))],
                    WriteFile(folder, StateFile,
                        stream => JsonSerializer.Serialize(stream, state, JsonFormat.Indented)),
                ];
                WriteFile(folder, SumsFile, stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(sums))));
                return target;
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{target}: the checkpoint cannot be written: {e.Message} Free some space and run "
                + "the same command again: training goes on from the checkpoint before.", ExitCodes.Failed, e);
        }
    }

    /// <summary>Reads a checkpoint's state after checking every file against its checksum.</summary>
    /// <exception cref="InvalidDataException">A file is missing, damaged or of another format.</exception>
    public static CheckpointState Verify(string folder)
    {
        try
        {
            var sums = File.ReadAllLines(Path.Combine(folder, SumsFile)).Select(line => line.Split("  ", 2))
                .Where(parts => parts.Length == 2).ToDictionary(parts => parts[1], parts => parts[0]);
            string[] average = sums.ContainsKey(AverageFile) ? [AverageFile] : [];
            foreach (var file in (string[])[WeightsFile, OptimizerFile, .. average, StateFile])
                if (!sums.TryGetValue(file, out var sum) || ContentHash.OfFile(Path.Combine(folder, file)) != sum)
                    throw new InvalidDataException($"{file} does not match its checksum");
            using var stream = File.OpenRead(Path.Combine(folder, StateFile));
            var state = JsonSerializer.Deserialize<CheckpointState>(stream, JsonFormat.Indented)
                ?? throw new InvalidDataException("the state is empty");
            return state.Format == CheckpointState.CurrentFormat
                ? state
                : throw new InvalidDataException(
                    $"its format is {state.Format}, this program reads {CheckpointState.CurrentFormat}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>Reads the weights; verify the checkpoint first. The caller (or its scope) disposes the
    /// tensors.</summary>
    public static Dictionary<string, Tensor> ReadWeights(string folder) => ReadTensors(folder, WeightsFile);

    /// <summary>Reads the optimizer's tensors; verify the checkpoint first. The caller (or its scope) disposes
    /// them.</summary>
    public static Dictionary<string, Tensor> ReadOptimizerState(string folder) => ReadTensors(folder, OptimizerFile);

    /// <summary>Reads the average of the weights; verify the checkpoint first. The caller (or its scope) disposes the
    /// tensors.</summary>
    public static Dictionary<string, Tensor> ReadAverage(string folder) => ReadTensors(folder, AverageFile);

    private static Dictionary<string, Tensor> ReadTensors(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        return SafetensorsFile.Read(stream);
    }

    private static string WriteFile(string folder, string name, Action<Stream> write)
    {
        var path = Path.Combine(folder, name);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        using var hash = SHA256.Create();
        // Hashed on the way to the file, so that a checkpoint is not read again for its checksum.
        using (var hashing = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true)) write(hashing);
        file.Flush(flushToDisk: true);
        return $"{Convert.ToHexStringLower(hash.Hash!)}  {name}\n";
    }
}
