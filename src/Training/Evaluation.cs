using PretrainBench.Data;
using PretrainBench.Torch;
using PretrainBench.Training.Loop;

namespace PretrainBench.Training;

/// <summary>A measured loss.</summary>
/// <param name="Loss">Mean over the tokens, in nats per token, without z-loss.</param>
/// <param name="BitsPerByte">The same by the bytes of text that the tokens stand for.</param>
/// <param name="Tokens">How many tokens were predicted.</param>
/// <param name="Bytes">How many bytes of text they stand for; for a part of the validation set, in proportion.</param>
public sealed record EvaluationResult(double Loss, double BitsPerByte, long Tokens, long Bytes);

/// <summary>What a run's weights reach, and their average where it keeps one.</summary>
internal sealed record RunEvaluation(EvaluationResult Last, EvaluationResult? Averaged);

/// <summary>Measures a model on held-out text, always on the same windows in the same order.</summary>
internal sealed class Evaluation
{
    private readonly ValidationSet _windows;
    private readonly int _windowsPerPass;
    private readonly Device _device;
    private readonly Action? _worked;

    /// <summary>Prepares to measure.</summary>
    /// <param name="data">The data set; its validation side is used.</param>
    /// <param name="sequenceLength">Tokens in a window.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="worked">Called after every pass.</param>
    public Evaluation(TokenDataset data, int sequenceLength, int windowsPerPass, Device device, Action? worked = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        _windows = new ValidationSet(data.Validation, sequenceLength);
        (_windowsPerPass, _device, _worked) = (windowsPerPass, device, worked);
    }

    /// <summary>Measures a run's weights where its optimizer wants them measured, and their average as it is: of the
    /// weights that training holds (Schedule-Free averages by itself).</summary>
    /// <param name="mostWindows">How many windows at most, from the first; all when null.</param>
    public RunEvaluation Measure(TrainingState state, long? mostWindows = null)
    {
        EvaluationResult Measured() => Measure(state.Model, mostWindows);
        var averaged = state.Average?.HasBegun(state.Step) == true ? state.Average.InPlace(Measured) : null;
        state.Optimizer.EnterEvaluation();
        try
        {
            return new(Measured(), averaged);
        }
        finally
        {
            state.Optimizer.LeaveEvaluation();
        }
    }

    /// <summary>Measures a model as it is.</summary>
    /// <param name="mostWindows">How many windows at most, from the first; all when null.</param>
    public EvaluationResult Measure(Decoder model, long? mostWindows = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var windows = Math.Min(mostWindows ?? long.MaxValue, _windows.WindowCount);
        using var recording = no_grad();
        using var pause = CollectionPause.Begin();
        double sum = 0;
        long tokens = 0;
        // The last window may be shorter than the others, and goes alone.
        for (long first = 0; first < windows;)
        {
            var count = first == _windows.WindowCount - 1
                ? 1
                : (int)Math.Min(_windowsPerPass, Math.Min(windows, _windows.WindowCount - 1) - first);
            pause.Renew();
            var (loss, predicted) = LossOf(model, first, count);
            sum += loss * predicted;
            tokens += predicted;
            first += count;
            _worked?.Invoke();
        }
        var mean = sum / tokens;
        var bytes = (long)Math.Round(_windows.TextBytes * ((double)tokens / _windows.PredictedTokens));
        return new EvaluationResult(mean, _windows.BitsPerByte(mean), tokens, bytes);
    }

    private (double Loss, long Predicted) LossOf(Decoder model, long first, int count)
    {
        using var scope = NewDisposeScope();
        var inputs = new long[count * _windows.SequenceLength];
        var targets = new long[inputs.Length];
        var predicted = _windows.Read(first, count, inputs, targets);
        var length = predicted / count;
        Tensor ToTensor(long[] tokens)
            => tensor(tokens, new long[] { count, _windows.SequenceLength }, dtype: ScalarType.Int64,
                device: _device).narrow(1, 0, length);
        return (model.Loss(ToTensor(inputs), ToTensor(targets)).ReadNumber(), predicted);
    }
}
