namespace PretrainBench.Data;

/// <summary>The held-out tokens as fixed windows: window i has the inputs from i·L on and as targets the tokens one
/// further on. Every token but the stream's first, a separator, is predicted exactly once; the last window may be
/// shorter and is padded. So the sum of the losses covers exactly the documents' bytes. Not safe for use by several
/// threads.</summary>
public sealed class ValidationSet
{
    /// <summary>The target that stands for "nothing to predict" in a padded window; what torch's cross-entropy ignores
    /// by default.</summary>
    public const long IgnoredTarget = -100;

    private readonly TokenSplit _tokens;
    private readonly int[] _window;

    /// <summary>Creates a validation set.</summary>
    /// <param name="sequenceLength">L: inputs of a window.</param>
    /// <exception cref="UserException">There is nothing to predict.</exception>
    public ValidationSet(TokenSplit tokens, int sequenceLength)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sequenceLength);
        if (tokens.TokenCount < 2 || tokens.Manifest.TextBytes == 0)
            throw new UserException("the validation data is empty; prepare the dataset again");
        _tokens = tokens;
        _window = new int[sequenceLength + 1];
        WindowCount = (tokens.TokenCount - 2) / sequenceLength + 1;
    }

    /// <summary>L: inputs of a window.</summary>
    public int SequenceLength => _window.Length - 1;

    /// <summary>How many windows there are, a shorter last one included.</summary>
    public long WindowCount { get; }

    /// <summary>How many tokens are predicted in all windows together: all but the first.</summary>
    public long PredictedTokens => _tokens.TokenCount - 1;

    /// <summary>How many bytes of text the predicted tokens stand for: all. Separators are predicted but stand for
    /// none.</summary>
    public long TextBytes => _tokens.Manifest.TextBytes;

    /// <summary>Bits per byte: the bits spent on all predicted tokens, separators included, by the bytes of
    /// text.</summary>
    /// <param name="meanLossNats">The mean loss over all <see cref="PredictedTokens"/>, in nats per token.</param>
    public double BitsPerByte(double meanLossNats) => meanLossNats * PredictedTokens / (TextBytes * Math.Log(2));

    /// <summary>Reads neighbouring windows.</summary>
    /// <param name="count">How many.</param>
    /// <param name="inputs">Filled with the inputs, [count, L] row by row; padding repeats the last token.</param>
    /// <param name="targets">Filled likewise with the targets; <see cref="IgnoredTarget"/> in the padding.</param>
    /// <returns>How many of the targets are to be predicted.</returns>
    public long Read(long firstWindow, int count, Span<long> inputs, Span<long> targets)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstWindow);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstWindow + count, WindowCount, nameof(count));
        ArgumentOutOfRangeException.ThrowIfNotEqual(inputs.Length, count * SequenceLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(targets.Length, count * SequenceLength);
        long predicted = 0;
        for (var row = 0; row < count; row++)
        {
            var at = row * SequenceLength;
            predicted += ReadWindow(
                firstWindow + row, inputs.Slice(at, SequenceLength), targets.Slice(at, SequenceLength));
        }
        return predicted;
    }

    private int ReadWindow(long window, Span<long> inputs, Span<long> targets)
    {
        var start = window * SequenceLength;
        var length = (int)Math.Min(SequenceLength, PredictedTokens - start);
        _tokens.Read(start, _window.AsSpan(0, length + 1));
        for (var i = 0; i < SequenceLength; i++)
        {
            inputs[i] = _window[Math.Min(i, length)];
            targets[i] = i < length ? _window[i + 1] : IgnoredTarget;
        }
        return length;
    }
}
