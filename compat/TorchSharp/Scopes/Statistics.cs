namespace TorchSharp;

/// <summary>Counts of one thread for one kind of disposable.</summary>
public class LifetimeStatistics
{
    internal LifetimeStatistics()
    {
    }

    public long AttachedToScopeCount { get; internal set; }

    public long CreatedInScopeCount { get; internal set; }

    public long CreatedOutsideScopeCount { get; internal set; }

    public long DetachedFromScopeCount { get; internal set; }

    public long DisposedInScopeCount { get; internal set; }

    public long DisposedOutsideScopeCount { get; internal set; }

    public long ThreadTotalLiveCount { get; internal set; }

    public void Reset()
    {
        AttachedToScopeCount = 0;
        CreatedInScopeCount = 0;
        CreatedOutsideScopeCount = 0;
        DetachedFromScopeCount = 0;
        DisposedInScopeCount = 0;
        DisposedOutsideScopeCount = 0;
        ThreadTotalLiveCount = 0;
    }
}

/// <summary>Counts of one thread. Only tensors are counted here; there are no packed sequences.</summary>
public class ThreadDisposeScopeStatistics
{
    internal ThreadDisposeScopeStatistics()
    {
    }

    public LifetimeStatistics TensorStatistics { get; } = new();

    public long AttachedToScopeCount => TensorStatistics.AttachedToScopeCount;

    public long CreatedInScopeCount => TensorStatistics.CreatedInScopeCount;

    public long CreatedOutsideScopeCount => TensorStatistics.CreatedOutsideScopeCount;

    public long DetachedFromScopeCount => TensorStatistics.DetachedFromScopeCount;

    public long DisposedInScopeCount => TensorStatistics.DisposedInScopeCount;

    public long DisposedOutsideScopeCount => TensorStatistics.DisposedOutsideScopeCount;

    public long ThreadTotalLiveCount => TensorStatistics.ThreadTotalLiveCount;

    public void Reset() => TensorStatistics.Reset();

    internal void CountCreated(bool inScope, IDisposable item)
    {
        if (item is not torch.Tensor)
            return;
        if (inScope)
            TensorStatistics.CreatedInScopeCount++;
        else
            TensorStatistics.CreatedOutsideScopeCount++;
        TensorStatistics.ThreadTotalLiveCount++;
    }

    internal void CountDisposed(bool inScope, IDisposable item)
    {
        if (item is not torch.Tensor)
            return;
        if (inScope)
            TensorStatistics.DisposedInScopeCount++;
        else
            TensorStatistics.DisposedOutsideScopeCount++;
        TensorStatistics.ThreadTotalLiveCount--;
    }

    internal void CountAttached(IDisposable item)
    {
        if (item is torch.Tensor)
            TensorStatistics.AttachedToScopeCount++;
    }

    internal void CountDetached(IDisposable item)
    {
        if (item is torch.Tensor)
            TensorStatistics.DetachedFromScopeCount++;
    }
}
