using static TorchSharp.Native.Operator;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor matmul(Tensor target) => Call("matmul", this, target);

        public Tensor mm(Tensor target) => Call("mm", this, target);

        public Tensor bmm(Tensor batch2) => Call("bmm", this, batch2);

        public Tensor mv(Tensor target) => Call("mv", this, target);

        public Tensor dot(Tensor target) => Call("dot", this, target);

        public Tensor inner(Tensor vec2) => Call("inner", this, vec2);

        public Tensor outer(Tensor vec2) => Call("outer", this, vec2);

        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1f, float alpha = 1f) => Call("addmm", this, mat1, mat2, beta, alpha);

        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) => Call("baddbmm", this, batch1, batch2, beta, alpha);

        public Tensor trace() => Call("trace", this);

        public Tensor matrix_power(int n) => Call("matrix_power", this, n);

        public Tensor inverse() => Call("inverse", this);
    }
}
