using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A wrapper around one reference to a native tensor. It belongs to the dispose scope it was made in.</summary>
    public partial class Tensor : IDisposable
    {
        internal const int CountedByScope = -2;
        private static long _totalCount;
        private static long _peakCount;
        private nint _handle;

        internal Tensor(nint handle, bool track)
        {
            _handle = handle;
            var total = Interlocked.Increment(ref _totalCount);
            if (total > Volatile.Read(ref _peakCount))
                Volatile.Write(ref _peakCount, total);
            if (track)
                DisposeScopeManager.Created(this);
        }

        ~Tensor() => Dispose(false);

        public static long TotalCount => Interlocked.Read(ref _totalCount);

        public static long PeakCount => Interlocked.Read(ref _peakCount);

        public IntPtr Handle => _handle != 0 ? _handle : throw new ObjectDisposedException("Tensor", "The tensor was disposed, or taken over by a parameter.");

        public bool IsInvalid => _handle == 0;

        internal DisposeScope? OwningScope { get; set; }

        internal int ScopeSlot { get; set; } = -1;

        /// <summary>Wraps a handle that the bridge gave away.</summary>
        internal static Tensor Own(nint handle) => new(handle, track: true);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (disposing)
                LeaveScope(handle != 0);
            if (handle == 0)
                return;
            Interlocked.Decrement(ref _totalCount);
            Bridge.pb_free(handle);
        }

        /// <summary>Gives the native reference and the place in the scope to another wrapper.</summary>
        internal nint GiveUpHandle()
        {
            var handle = Handle;
            _handle = 0;
            Interlocked.Decrement(ref _totalCount);
            GC.SuppressFinalize(this);
            return handle;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningScope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningScope is { } scope)
                scope.MoveToOther(other, this);
            else
                other?.Attach(this);
            return this;
        }

        private void LeaveScope(bool alive)
        {
            if (OwningScope is { } scope)
                scope.MarkAsDisposed(this);
            else if (alive && ScopeSlot != CountedByScope)
                DisposeScopeManager.Statistics.CountDisposed(inScope: false, this);
        }
    }
}
