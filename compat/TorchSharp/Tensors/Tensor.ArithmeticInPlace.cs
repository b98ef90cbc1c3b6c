using static TorchSharp.Native.Operator;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add_(Tensor target)
        {
            Run("add_.Tensor", this, target);
            return this;
        }

        public Tensor add_(Tensor target, Scalar alpha)
        {
            Run("add_.Tensor", this, target, alpha);
            return this;
        }

        public Tensor add_(Scalar scalar)
        {
            Run("add_.Scalar", this, scalar);
            return this;
        }

        public Tensor add_(Scalar scalar, Scalar alpha)
        {
            Run("add_.Scalar", this, scalar, alpha);
            return this;
        }

        public Tensor sub_(Tensor target)
        {
            Run("sub_.Tensor", this, target);
            return this;
        }

        public Tensor sub_(Scalar target)
        {
            Run("sub_.Scalar", this, target);
            return this;
        }

        public Tensor mul_(Tensor target)
        {
            Run("mul_.Tensor", this, target);
            return this;
        }

        public Tensor mul_(Scalar target)
        {
            Run("mul_.Scalar", this, target);
            return this;
        }

        public Tensor pow_(Tensor exponent)
        {
            Run("pow_.Tensor", this, exponent);
            return this;
        }

        public Tensor pow_(Scalar exponent)
        {
            Run("pow_.Scalar", this, exponent);
            return this;
        }

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            Run("addcmul_", this, tensor1, tensor2, value);
            return this;
        }

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2)
        {
            Run("addcdiv_", this, tensor1, tensor2);
            return this;
        }

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            Run("addcdiv_", this, tensor1, tensor2, value);
            return this;
        }

        public Tensor lerp_(Tensor end, Tensor weight)
        {
            Run("lerp_.Tensor", this, end, weight);
            return this;
        }

        public Tensor clamp_(Scalar? min = null, Scalar? max = null)
        {
            Run("clamp_", this, min, max);
            return this;
        }

        public Tensor clamp_(Tensor? min = null, Tensor? max = null)
        {
            Run("clamp_.Tensor", this, min, max);
            return this;
        }

        public Tensor clamp_min_(Scalar min)
        {
            Run("clamp_min_", this, min);
            return this;
        }

        public Tensor clamp_max_(Scalar max)
        {
            Run("clamp_max_", this, max);
            return this;
        }

        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1f, float alpha = 1f)
        {
            Run("addmm_", this, mat1, mat2, beta, alpha);
            return this;
        }

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None)
        {
            if (rounding_mode == RoundingMode.None)
                Run("div_.Tensor", this, target);
            else
                Run("div_.Tensor_mode", this, target, rounding_mode.ToString());
            return this;
        }

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
        {
            if (rounding_mode == RoundingMode.None)
                Run("div_.Scalar", this, target);
            else
                Run("div_.Scalar_mode", this, target, rounding_mode.ToString());
            return this;
        }
    }
}
