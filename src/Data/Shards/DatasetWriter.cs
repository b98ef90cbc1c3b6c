namespace PretrainBench.Data;

/// <summary>Encodes documents on all cores and writes them, in the documents' order, as training and validation
/// shards.</summary>
internal sealed class DatasetWriter : IDisposable
{
    // Documents are handed to threads in groups of about this many characters.
    private const int GroupCharacters = 1 << 17;

    private readonly TextTokenizer _tokenizer;
    private readonly SplitWriter _train;
    private readonly SplitWriter _validation;
    private readonly CancellationToken _cancellation;

    public DatasetWriter(string folder, TextTokenizer tokenizer, CancellationToken cancellation)
    {
        _tokenizer = tokenizer;
        _cancellation = cancellation;
        TokenBytes = tokenizer.VocabularySize > 1 << 16 ? 4 : 2;
        _train = new SplitWriter(folder, "train", TokenBytes, tokenizer.EndOfTextId);
        _validation = new SplitWriter(folder, "validation", TokenBytes, tokenizer.EndOfTextId);
    }

    /// <summary>Bytes of a token: 2 while every id fits.</summary>
    public int TokenBytes { get; }

    public void Write(IEnumerable<Document> documents, HeldOut heldOut)
    {
        // A short queue of running encodings: reading, encoding and writing overlap, and memory stays bounded.
        var running = new Queue<Task<EncodedGroup>>();
        try
        {
            foreach (var group in Document.InGroups(documents, GroupCharacters))
            {
                _cancellation.ThrowIfCancellationRequested();
                running.Enqueue(Task.Run(() => EncodedGroup.Encode(group, _tokenizer, heldOut), _cancellation));
                if (running.Count > Environment.ProcessorCount + 1) WriteNext(running);
            }
            while (running.Count > 0) WriteNext(running);
        }
        finally
        {
            // What still runs reads nothing that is about to be disposed; its failure would repeat the first.
            foreach (var task in running) _ = task.ContinueWith(failed => failed.Exception, TaskScheduler.Default);
        }
    }

    /// <summary>Flushes the shards to the disk and describes them.</summary>
    public (SplitManifest Train, SplitManifest Validation) Finish() => (_train.Finish(), _validation.Finish());

    public void Dispose()
    {
        _train.Dispose();
        _validation.Dispose();
    }

    private void WriteNext(Queue<Task<EncodedGroup>> running)
    {
        var group = running.Dequeue().GetAwaiter().GetResult();
        _train.Append(group.Train);
        _validation.Append(group.Validation);
    }
}
