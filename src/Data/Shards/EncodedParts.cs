namespace PretrainBench.Data;

/// <summary>Encodes a source file by file, several at once, into one file of tokens each. These are whole or not there,
/// and outlive the process, so that one that was killed goes on from them. Neither that nor the number of threads
/// changes a byte of them.</summary>
internal sealed class EncodedParts(string folder, TextTokenizer tokenizer, CancellationToken cancellation)
{
    // Documents are handed to threads in groups of about this many characters.
    private const int GroupCharacters = 1 << 17;
    private const long ReportedBytes = 1 << 20;

    private readonly List<(SourcePart Part, HeldOut HeldOut)> _parts = [];
    private readonly ReadCounter _counter = new();
    private long _reported;
    private int _running;

    public void Add(DocumentSource source, HeldOut heldOut)
        => _parts.AddRange(source.Parts().Select(part => (part, heldOut)));

    /// <summary>Encodes what is not there yet.</summary>
    /// <exception cref="UserException">A file is missing, damaged, or has a bad line.</exception>
    public void Encode(IProgress<PrepareProgress>? progress)
    {
        var total = _parts.Sum(entry => entry.Part.FileBytes);
        var missing = Enumerable.Range(0, _parts.Count).Where(index => !File.Exists(PathOf(index))).ToList();
        _counter.Add(total - missing.Sum(index => _parts[index].Part.FileBytes));
        Report(progress, total, 0);
        AllCores.ForEach(missing, (index, loop) =>
        {
            Interlocked.Increment(ref _running);
            AtomicFile.Write(PathOf(index), stream => Encode(_parts[index].Part, _parts[index].HeldOut, group =>
            {
                if (loop.ShouldExitCurrentIteration) throw new OperationCanceledException();
                group.Write(stream);
                Report(progress, total, ReportedBytes);
            }));
            Interlocked.Decrement(ref _running);
        }, cancellation);
        progress?.Report(new PrepareProgress(PrepareStage.Encode, total, total));
    }

    /// <summary>What was encoded, in the source's order.</summary>
    public IEnumerable<EncodedGroup> Read()
    {
        for (var index = 0; index < _parts.Count; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var stream = File.OpenRead(PathOf(index));
            while (stream.Position < stream.Length) yield return EncodedGroup.Read(stream);
        }
    }

    private void Encode(SourcePart part, HeldOut heldOut, Action<EncodedGroup> write)
    {
        // A short queue of running encodings: reading, encoding and writing overlap, and memory stays bounded.
        var encodings = new Queue<Task<EncodedGroup>>();
        foreach (var group in Document.InGroups(part.Read(_counter), GroupCharacters))
        {
            encodings.Enqueue(Task.Run(() => EncodedGroup.Encode(group, tokenizer, heldOut), cancellation));
            if (encodings.Count > 1 + (Environment.ProcessorCount / Volatile.Read(ref _running))) WriteNext();
        }
        while (encodings.Count > 0) WriteNext();

        void WriteNext() => write(encodings.Dequeue().GetAwaiter().GetResult());
    }

    private void Report(IProgress<PrepareProgress>? progress, long total, long least)
    {
        lock (_parts)
        {
            var reached = Math.Min(_counter.FileBytes, total);
            if (reached - _reported < least) return;
            progress?.Report(new PrepareProgress(PrepareStage.Encode, _reported = reached, total));
        }
    }

    private string PathOf(int index) => Path.Combine(folder, $"{index:D6}.part");
}
