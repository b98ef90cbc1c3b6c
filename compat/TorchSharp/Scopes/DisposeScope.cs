namespace TorchSharp;

/// <summary>Owns what is created on its thread while it is the innermost scope, and disposes it at its end.</summary>
public sealed partial class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager _manager;
    private readonly List<IDisposable> _items = [];

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer)
    {
        _manager = manager;
        Outer = outer;
    }

    internal DisposeScope? Outer { get; private set; }

    public int DisposablesCount => _items.Count;

    public IReadOnlyList<IDisposable> DisposablesView => _items;

    public bool Contains(IDisposable disposable) => IndexOf(disposable) >= 0;

    public void Dispose()
    {
        if (!_manager.Close(this))
            return;
        DisposeEverything();
    }

    public void DisposeEverything() => DisposeEverythingBut(Array.Empty<IDisposable>());

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        var keep = new HashSet<IDisposable>(inKeep, ReferenceEqualityComparer.Instance);
        var items = _items.ToArray();
        _items.Clear();
        foreach (var item in items)
        {
            if (keep.Contains(item))
            {
                Add(item);
                continue;
            }

            SetOwner(item, null, torch.Tensor.CountedByScope);
            DisposeScopeManager.Statistics.CountDisposed(inScope: true, item);
            item.Dispose();
        }
    }

    public void MarkAsDisposed(IDisposable disposable)
    {
        if (Remove(disposable))
            DisposeScopeManager.Statistics.CountDisposed(inScope: true, disposable);
    }

    internal void Add(IDisposable item)
    {
        SetOwner(item, this, _items.Count);
        _items.Add(item);
    }

    internal bool Remove(IDisposable item)
    {
        var index = IndexOf(item);
        if (index < 0)
            return false;
        // The last one takes the free place: removal costs the same however full the scope is.
        var last = _items[^1];
        _items[index] = last;
        SetOwner(last, this, index);
        _items.RemoveAt(_items.Count - 1);
        SetOwner(item, null, -1);
        return true;
    }

    private int IndexOf(IDisposable item) =>
        item is torch.Tensor tensor
            ? ReferenceEquals(tensor.OwningScope, this) ? tensor.ScopeSlot : -1
            : _items.FindIndex(other => ReferenceEquals(other, item));

    private static void SetOwner(IDisposable item, DisposeScope? scope, int slot)
    {
        if (item is not torch.Tensor tensor)
            return;
        tensor.OwningScope = scope;
        tensor.ScopeSlot = slot;
    }
}
