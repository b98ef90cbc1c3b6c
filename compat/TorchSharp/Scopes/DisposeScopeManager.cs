namespace TorchSharp;

/// <summary>The stack of open scopes of one thread.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? _current;

    private readonly List<DisposeScope> _open = [];
    private readonly ThreadDisposeScopeStatistics _statistics = new();

    internal DisposeScopeManager()
    {
    }

    public static ThreadDisposeScopeStatistics Statistics => Current._statistics;

    internal static DisposeScopeManager Current => _current ??= new DisposeScopeManager();

    internal DisposeScope? Innermost => _open.Count > 0 ? _open[^1] : null;

    internal DisposeScope Open()
    {
        var scope = new DisposeScope(this, Innermost);
        _open.Add(scope);
        return scope;
    }

    internal bool Close(DisposeScope scope)
    {
        if (!_open.Remove(scope))
            return false;
        foreach (var inner in _open)
            inner.CloseGap(scope);
        return true;
    }

    internal static void Created(torch.Tensor tensor)
    {
        var manager = Current;
        var scope = manager.Innermost;
        manager._statistics.CountCreated(inScope: scope is not null, tensor);
        scope?.Add(tensor);
    }
}
