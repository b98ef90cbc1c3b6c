using static TorchSharp.Native.Operator;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            Run("copy_", this, source, nonBlocking);
            return this;
        }

        public Tensor fill_(Scalar value)
        {
            Run("fill_.Scalar", this, value);
            return this;
        }

        public Tensor masked_fill_(Tensor mask, Scalar value)
        {
            Run("masked_fill_.Scalar", this, mask, value);
            return this;
        }

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha)
        {
            Run("index_add_", this, dim, index, source, alpha);
            return this;
        }

        public Tensor index_copy_(long dim, Tensor index, Tensor source)
        {
            Run("index_copy_", this, dim, index, source);
            return this;
        }

        public Tensor index_fill_(long dim, Tensor index, Scalar value)
        {
            Run("index_fill_.int_Scalar", this, dim, index, value);
            return this;
        }

        public Tensor scatter_(long dim, Tensor index, Tensor src)
        {
            Run("scatter_.src", this, dim, index, src);
            return this;
        }

        public Tensor scatter_add_(long dim, Tensor index, Tensor src)
        {
            Run("scatter_add_", this, dim, index, src);
            return this;
        }

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null)
        {
            Run("normal_", this, mean, std, generator);
            return this;
        }

        public Tensor uniform_(double from, double to, Generator? generator = null)
        {
            Run("uniform_", this, from, to, generator);
            return this;
        }

        // These three return a new wrapper, as the original does.
        public Tensor zero_() => Call("zero_", this);

        public Tensor triu_(long diagonal = 0) => Call("triu_", this, diagonal);

        public Tensor tril_(long diagonal = 0) => Call("tril_", this, diagonal);
    }
}
