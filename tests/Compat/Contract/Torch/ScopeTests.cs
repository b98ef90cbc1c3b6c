using static TorchSharp.torch;

namespace PretrainBench.Compat.Tests.Contract.Torch;

public class ScopeTests : TorchContract
{
    [Fact]
    public void A_scope_ends_what_was_made_in_it_and_nothing_else()
    {
        var outside = Reals(1);
        Tensor inside, kept, freed;
        using (var scope = NewDisposeScope())
        {
            Assert.Same(scope, CurrentDisposeScope);
            inside = Reals(1);
            kept = Reals(2).MoveToOuterDisposeScope();
            freed = scope.Detach(Reals(3));
            Assert.True(scope.Contains(inside));
            Assert.False(scope.Contains(kept));
            Assert.Equal(1, scope.DisposablesCount);
            Assert.Same(inside, scope.DisposablesView[0]);
        }

        Assert.True(inside.IsInvalid);
        Assert.False(outside.IsInvalid || kept.IsInvalid || freed.IsInvalid);
        Assert.Throws<ObjectDisposedException>(() => inside.Handle);
        Assert.Throws<ObjectDisposedException>(() => inside + 1);
        Assert.False(CurrentDisposeScope!.Contains(freed));
        Assert.True(CurrentDisposeScope.Contains(kept));
        freed.Dispose();
        freed.Dispose();
        Assert.True(freed.IsInvalid);
    }

    [Fact]
    public void Tensors_move_between_scopes()
    {
        using var outer = NewDisposeScope();
        var anchor = Reals(0);
        using var inner = NewDisposeScope();
        var (a, b) = inner.MoveToOuter(Reals(1), Reals(2));
        var (c, d, e) = inner.MoveToOuter(Reals(1), Reals(2), Reals(3));
        var (f, g, h) = (Reals(4), Reals(5), Reals(6));
        inner.MoveToOuter(new IDisposable[] { f, g });
        inner.MoveToOuter((IEnumerable<IDisposable>)new List<IDisposable> { h });
        Assert.All(new[] { a, b, c, d, e, f, g, h, anchor }, t => Assert.True(outer.Contains(t) && !inner.Contains(t)));
        Assert.Same(a, a.MoveToOtherDisposeScope(inner));
        Assert.Same(b, outer.MoveToOther(inner, b));
        outer.MoveToOther(inner, c, d);
        outer.MoveToOther(inner, (IEnumerable<IDisposable>)new List<IDisposable> { e });
        Assert.Same(f, inner.MoveToOuter(f.MoveToOtherDisposeScope(inner)));
        Assert.All(new[] { a, b, c, d, e }, t => Assert.True(inner.Contains(t)));
        Assert.True(outer.Contains(a.MoveToOtherDisposeScope(anchor)));
    }

    [Fact]
    public void Tensors_leave_and_enter_scopes()
    {
        using var scope = NewDisposeScope();
        var (a, b) = scope.Detach(Reals(1), Reals(2));
        var (c, d, e) = scope.Detach(Reals(1), Reals(2), Reals(3));
        var (f, g) = (Reals(4), Reals(5));
        scope.Detach(new IDisposable[] { f, g });
        var h = Reals(6).DetachFromDisposeScope();
        scope.Detach((IEnumerable<IDisposable>)new List<IDisposable> { h });
        Assert.Equal(0, scope.DisposablesCount);
        scope.Attach(a);
        scope.Attach(b, c);
        Assert.Equal(5, scope.Attach((IEnumerable<IDisposable>)new List<IDisposable> { d, e, f, g, h }).Count);
        Assert.Equal(8, scope.DisposablesCount);
        scope.MarkAsDisposed(h);
        Assert.Equal(7, scope.DisposablesCount);
        h.Dispose();
    }

    [Fact]
    public void Wrapped_expressions_keep_their_result_only()
    {
        Tensor? inner = null;
        var result = WrappedTensorDisposeScope(() =>
        {
            inner = Reals(2);
            return inner * 3;
        });
        Equal(result, 6);
        Assert.True(inner!.IsInvalid);
    }

    [Fact]
    public void Everything_but_what_is_kept()
    {
        using var scope = NewDisposeScope();
        var keep = Reals(1);
        var other = Reals(2);
        Assert.Same(keep, scope.DisposeEverythingBut(keep));
        Assert.True(other.IsInvalid);
        var (x, y) = scope.DisposeEverythingBut(Reals(1), Reals(2));
        Assert.True(keep.IsInvalid);
        scope.DisposeEverythingBut(new IDisposable[] { x });
        Assert.True(y.IsInvalid);
        scope.DisposeEverythingBut((IEnumerable<IDisposable>)new List<IDisposable> { x });
        Assert.False(x.IsInvalid);
        scope.DisposeEverything();
        Assert.True(x.IsInvalid);
    }

    [Fact]
    public void Statistics_count_by_thread()
    {
        var statistics = TorchSharp.DisposeScopeManager.Statistics;
        statistics.Reset();
        using (var scope = NewDisposeScope())
        {
            scope.Attach(scope.Detach(Reals(1)));
            Reals(2).Dispose();
        }

        var tensors = statistics.TensorStatistics;
        Assert.Equal((2, 0, 2, 0, 1, 1, 0), (tensors.CreatedInScopeCount, tensors.CreatedOutsideScopeCount, tensors.DisposedInScopeCount, tensors.DisposedOutsideScopeCount, tensors.DetachedFromScopeCount, tensors.AttachedToScopeCount, tensors.ThreadTotalLiveCount));
        Assert.Equal((2, 0, 2, 0, 1, 1, 0), (statistics.CreatedInScopeCount, statistics.CreatedOutsideScopeCount, statistics.DisposedInScopeCount, statistics.DisposedOutsideScopeCount, statistics.DetachedFromScopeCount, statistics.AttachedToScopeCount, statistics.ThreadTotalLiveCount));
        tensors.Reset();
        Assert.Equal(0, tensors.CreatedInScopeCount);
    }

    [Fact]
    public void Live_tensors_are_counted_for_the_process()
    {
        var before = Tensor.TotalCount;
        using (NewDisposeScope())
        {
            _ = Reals(1) + Reals(2);
            Assert.Equal(before + 3, Tensor.TotalCount);
        }

        Assert.Equal(before, Tensor.TotalCount);
        Assert.True(Tensor.PeakCount >= before + 3);
    }
}
