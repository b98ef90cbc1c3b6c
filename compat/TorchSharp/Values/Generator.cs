using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public unsafe class Generator : IDisposable
    {
        private nint _handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            nint handle;
            Bridge.Check(Bridge.pb_generator_new(seed, this.device.Packed, &handle));
            _handle = handle;
        }

        private Generator(nint handle, Device device)
        {
            _handle = handle;
            this.device = device;
        }

        ~Generator() => Dispose(false);

        public static Generator Default
        {
            get
            {
                nint handle;
                Bridge.Check(Bridge.pb_generator_default(CPU.Packed, &handle));
                return new Generator(handle, CPU);
            }
        }

        public IntPtr Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

        public Device device { get; }

        public Tensor get_state()
        {
            nint state;
            Bridge.Check(Bridge.pb_generator_state(Handle, &state));
            return Tensor.Own(state);
        }

        public void set_state(Tensor value) => Bridge.Check(Bridge.pb_generator_set_state(Handle, value.Handle));

        public Generator manual_seed(long seed)
        {
            Bridge.Check(Bridge.pb_generator_seed(Handle, (ulong)seed));
            return this;
        }

        public long initial_seed() => (long)Bridge.pb_generator_current_seed(Handle);

        public long seed()
        {
            ulong value;
            Bridge.Check(Bridge.pb_generator_random_seed(Handle, &value));
            return (long)value;
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0)
                Bridge.pb_generator_free(handle);
        }
    }
}
