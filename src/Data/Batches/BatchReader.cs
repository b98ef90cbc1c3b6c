namespace PretrainBench.Data;

/// <summary>Training batches. Sequence i of length L has the tokens from i·L to i·L + L: L inputs, and as targets the
/// tokens one further on. Sequences neither overlap nor leave a target out, except for fewer than L tokens at the very
/// end. Not safe for use by several threads.</summary>
public sealed class BatchReader
{
    private readonly TokenSplit _tokens;
    private readonly BatchOrder _order;
    private readonly int[] _sequence;

    /// <summary>Creates a reader.</summary>
    /// <param name="sequenceLength">L: inputs of a sequence.</param>
    /// <param name="dataSeed">Decides the order, and nothing else does.</param>
    /// <exception cref="UserException">There are fewer than L + 1 tokens.</exception>
    public BatchReader(TokenSplit tokens, int sequenceLength, ulong dataSeed)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sequenceLength);
        var count = (tokens.TokenCount - 1) / sequenceLength;
        if (count < 1)
            throw new UserException($"the training data has {tokens.TokenCount} tokens, too few for one sequence of "
                + $"{sequenceLength}; use more text or shorter sequences");
        _tokens = tokens;
        _order = new BatchOrder(count, dataSeed);
        _sequence = new int[sequenceLength + 1];
    }

    /// <summary>L: inputs of a sequence.</summary>
    public int SequenceLength => _sequence.Length - 1;

    internal long SequencesPerEpoch => _order.SequenceCount;

    /// <summary>The L + 1 tokens of the sequence at a position of the order; valid until the next call.</summary>
    internal ReadOnlySpan<int> Sequence(long position)
    {
        _tokens.Read(_order.SequenceAt(position) * SequenceLength, _sequence);
        return _sequence;
    }

    /// <summary>Reads the batch of an optimizer step.</summary>
    /// <param name="step">The step, from zero.</param>
    /// <param name="batchSequences">Sequences of every step so far.</param>
    /// <param name="inputs">Filled with the inputs, [batchSequences, L] row by row.</param>
    /// <param name="targets">Filled with the targets, [batchSequences, L] row by row.</param>
    public void Read(long step, int batchSequences, Span<long> inputs, Span<long> targets)
        => ReadSequences(checked(step * batchSequences), batchSequences, inputs, targets);

    /// <summary>Reads neighbouring sequences of the order, such as a part of a batch.</summary>
    internal void ReadSequences(long position, int count, Span<long> inputs, Span<long> targets)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(inputs.Length, count * SequenceLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(targets.Length, count * SequenceLength);
        for (var row = 0; row < count; row++)
        {
            var tokens = Sequence(position + row);
            var at = row * SequenceLength;
            for (var i = 0; i < SequenceLength; i++)
            {
                inputs[at + i] = tokens[i];
                targets[at + i] = tokens[i + 1];
            }
        }
    }
}
