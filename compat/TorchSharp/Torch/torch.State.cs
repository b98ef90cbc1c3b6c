using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

public static unsafe partial class torch
{
    public static string __version__ => Marshal.PtrToStringUTF8(Bridge.pb_version())!;

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.Current.Innermost;

    public static DisposeScope NewDisposeScope() => DisposeScopeManager.Current.Open();

    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }

    public static Generator manual_seed(long seed)
    {
        Bridge.Check(Bridge.pb_manual_seed(seed));
        return Generator.Default;
    }

    public static Tensor get_rng_state()
    {
        using var generator = Generator.Default;
        return generator.get_state();
    }

    public static void set_rng_state(Tensor new_state)
    {
        using var generator = Generator.Default;
        generator.set_state(new_state);
    }

    public static int get_num_threads() => Bridge.pb_num_threads();

    public static void set_num_threads(int num) => Bridge.Check(Bridge.pb_set_num_threads(num));

    public static int get_num_interop_threads() => Bridge.pb_num_interop_threads();

    public static bool cuda_is_available() => cuda.is_available();

    public static class random
    {
        public static Tensor get_rng_state() => torch.get_rng_state();

        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);

        public static Generator manual_seed(long seed) => torch.manual_seed(seed);
    }

    public static class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static int device_count() => Bridge.pb_cuda_count();

        public static void synchronize(Device? device = null) => Bridge.Check(Bridge.pb_cuda_synchronize());
    }

    public static class backends
    {
        public static class cuda
        {
            public static class matmul
            {
                public static bool allow_tf32
                {
                    get => Bridge.pb_flag(0) != 0;
                    set => Bridge.Check(Bridge.pb_set_flag(0, value ? 1 : 0));
                }
            }
        }

        public static class cudnn
        {
            public static bool allow_tf32
            {
                get => Bridge.pb_flag(1) != 0;
                set => Bridge.Check(Bridge.pb_set_flag(1, value ? 1 : 0));
            }
        }
    }
}
