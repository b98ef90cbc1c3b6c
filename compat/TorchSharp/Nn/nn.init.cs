using static TorchSharp.Native.Operator;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static class init
        {
            public static Tensor zeros_(Tensor tensor) => Filled(tensor, t => t.fill_(0));

            public static Tensor ones_(Tensor tensor) => Filled(tensor, t => t.fill_(1));

            public static Tensor constant_(Tensor tensor, Scalar val) => Filled(tensor, t => t.fill_(val));

            public static Tensor normal_(Tensor tensor, double mean = 0d, double std = 1d, Generator? generator = null) =>
                Filled(tensor, t => t.normal_(mean, std, generator));

            public static Tensor uniform_(Tensor tensor, double low = 0d, double high = 1d, Generator? generator = null) =>
                Filled(tensor, t => t.uniform_(low, high, generator));

            /// <summary>Normal, cut at a and b: the inverse of the normal distribution at uniform quantiles.</summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0d, double std = 1d, double a = -2d, double b = 2d, Generator? generator = null) =>
                Filled(tensor, t =>
                {
                    var low = NormalCdf((a - mean) / std);
                    var high = NormalCdf((b - mean) / std);
                    t.uniform_((2 * low) - 1, (2 * high) - 1, generator);
                    Run("erfinv_", t);
                    t.mul_(std * Math.Sqrt(2)).add_(mean).clamp_(a, b);
                });

            public static Tensor orthogonal_(Tensor tensor, double gain = 1d) => Filled(tensor, t =>
            {
                using var scope = NewDisposeScope();
                var rows = t.size(0);
                var columns = t.numel() / rows;
                var flat = randn(rows, columns, t.dtype, t.device);
                var (q, r) = linalg.qr(rows < columns ? flat.t() : flat);
                q = q.mul(r.diagonal().sign());
                t.copy_((rows < columns ? q.t() : q).reshape(t.shape)).mul_(gain);
            });

            private static Tensor Filled(Tensor tensor, Action<Tensor> fill)
            {
                using (no_grad())
                    fill(tensor);
                return tensor;
            }

            private static double NormalCdf(double x)
            {
                using var scope = NewDisposeScope();
                return (1 + tensor(x / Math.Sqrt(2), ScalarType.Float64).erf().item<double>()) / 2;
            }
        }
    }
}
