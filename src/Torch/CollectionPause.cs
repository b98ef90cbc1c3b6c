using System.Runtime;

namespace PretrainBench.Torch;

/// <summary>
/// Keeps garbage from being collected while operators run. TorchSharp makes a Scalar of every number that an operator
/// is given and passes its handle on, while nothing keeps the object alive: a collection that another thread sets off
/// in between lets the finalizer free the number in use, and the operator fails or takes whatever lies there then. So a
/// loop of operators collects between its steps only.
/// </summary>
public sealed class CollectionPause : IDisposable
{
    /// <summary>What may be allocated between two collections, in bytes; a step allocates about one megabyte.</summary>
    public const long Budget = 16L << 20;

    private static int _isTaken;

    // A process has one pause; whoever asks for another meanwhile runs inside the first.
    private readonly bool _isOwner = Interlocked.CompareExchange(ref _isTaken, 1, 0) == 0;
    private long _allocatedBefore;

    private CollectionPause()
    {
        if (_isOwner) Start();
    }

    /// <summary>
    /// Begins a pause; it ends when disposed of, or by itself where more than the budget is allocated.
    /// </summary>
    public static CollectionPause Begin() => new();

    /// <summary>Between two steps: collects when half of the budget has been allocated.</summary>
    public void Renew()
    {
        if (!_isOwner || GC.GetTotalAllocatedBytes() - _allocatedBefore < Budget / 2) return;
        End();
        // Starting a pause collects only where memory is short: garbage would pile up until the machine has no more,
        // and between the native numbers that it holds libtorch's heap would fall to pieces.
        GC.Collect(1, GCCollectionMode.Forced, blocking: true);
        Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isOwner) return;
        End();
        Volatile.Write(ref _isTaken, 0);
    }

    private void Start()
    {
        GC.TryStartNoGCRegion(Budget);
        _allocatedBefore = GC.GetTotalAllocatedBytes();
    }

    private static void End()
    {
        if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion) GC.EndNoGCRegion();
    }
}
