using static TorchSharp.Native.Operator;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => Call("abs", this);

        public Tensor abs_()
        {
            Run("abs_", this);
            return this;
        }

        public Tensor ceil() => Call("ceil", this);

        public Tensor cos() => Call("cos", this);

        public Tensor cos_()
        {
            Run("cos_", this);
            return this;
        }

        public Tensor erf() => Call("erf", this);

        public Tensor exp() => Call("exp", this);

        public Tensor exp_()
        {
            Run("exp_", this);
            return this;
        }

        public Tensor expm1() => Call("expm1", this);

        public Tensor floor() => Call("floor", this);

        public Tensor log() => Call("log", this);

        public Tensor log_()
        {
            Run("log_", this);
            return this;
        }

        public Tensor log1p() => Call("log1p", this);

        public Tensor log2() => Call("log2", this);

        public Tensor neg() => Call("neg", this);

        public Tensor neg_()
        {
            Run("neg_", this);
            return this;
        }

        public Tensor reciprocal() => Call("reciprocal", this);

        public Tensor reciprocal_()
        {
            Run("reciprocal_", this);
            return this;
        }

        public Tensor relu() => Call("relu", this);

        public Tensor relu_()
        {
            Run("relu_", this);
            return this;
        }

        public Tensor rsqrt() => Call("rsqrt", this);

        public Tensor rsqrt_()
        {
            Run("rsqrt_", this);
            return this;
        }

        public Tensor sigmoid() => Call("sigmoid", this);

        public Tensor sigmoid_()
        {
            Run("sigmoid_", this);
            return this;
        }

        public Tensor sign() => Call("sign", this);

        public Tensor sign_()
        {
            Run("sign_", this);
            return this;
        }

        public Tensor silu() => Call("silu", this);

        public Tensor silu_()
        {
            Run("silu_", this);
            return this;
        }

        public Tensor sin() => Call("sin", this);

        public Tensor sin_()
        {
            Run("sin_", this);
            return this;
        }

        public Tensor sqrt() => Call("sqrt", this);

        public Tensor sqrt_()
        {
            Run("sqrt_", this);
            return this;
        }

        public Tensor square() => Call("square", this);

        public Tensor tanh() => Call("tanh", this);

    }
}
