using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What the bridge calls back, whichever form a custom function takes.</summary>
        internal interface IFunction
        {
            List<Tensor> Forward(AutogradContext context, object[] vars);

            List<Tensor> Backward(AutogradContext context, List<Tensor> grads);
        }

        public abstract class Function<T>
            where T : Function<T>, new()
        {
            private static readonly T Instance = new();

            public abstract string Name { get; }

            public static List<Tensor> apply_internal(params object[] vars) => FunctionCall.Apply((IFunction)Instance, vars);
        }

        public abstract class SingleTensorFunction<T> : Function<T>, IFunction
            where T : SingleTensorFunction<T>, new()
        {
            public static Tensor apply(params object[] vars) => apply_internal(vars)[0];

            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);

            List<Tensor> IFunction.Forward(AutogradContext context, object[] vars) => [forward(context, vars)];

            List<Tensor> IFunction.Backward(AutogradContext context, List<Tensor> grads) => backward(context, grads[0]);
        }

        public abstract class MultiTensorFunction<T> : Function<T>, IFunction
            where T : MultiTensorFunction<T>, new()
        {
            public static List<Tensor> apply(params object[] vars) => apply_internal(vars);

            public abstract List<Tensor> forward(AutogradContext ctx, params object[] vars);

            public abstract List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs);

            List<Tensor> IFunction.Forward(AutogradContext context, object[] vars) => forward(context, vars);

            List<Tensor> IFunction.Backward(AutogradContext context, List<Tensor> grads) => backward(context, grads);
        }
    }
}
