using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PretrainBench.Compat.Tests.Contract.Torch;

public class ModuleTests : TorchContract
{
    [Fact]
    public void Components_are_named_by_their_fields_parents_first()
    {
        using var net = new Net();
        Assert.Equal(["scale", "hidden.weight", "hidden.bias", "layers.0.weight", "layers.1.weight"], net.named_parameters().Select(p => p.name));
        Assert.Equal(["scale"], net.named_parameters(recurse: false).Select(p => p.name));
        Assert.Equal(5, net.parameters().Count());
        Assert.Equal(["offset"], net.named_buffers().Select(b => b.name));
        Assert.Equal(2, net.buffers().Count());
        Assert.Equal(["hidden", "layers"], net.named_children().Select(c => c.name));
        Assert.Equal(["hidden", "layers", "layers.0", "layers.1"], net.named_modules().Select(m => m.name));
        Assert.Equal((2, 4), (net.children().Count(), net.modules().Count()));
        Assert.Equal("Net", net.GetName());
        var names = new List<string>();
        Assert.Same(net, net.apply(m => names.Add(m.GetName())));
        Assert.Equal("Net", names[^1]);
        Assert.Throws<InvalidOperationException>(() => net.register_parameter("scale", Parameter(Reals(1))));
    }

    [Fact]
    public void Calls_reach_forward()
    {
        using var net = new Net();
        Equal(net.call(zeros(1, 2, float64)), [.. Values(net.forward(zeros(1, 2, float64)))]);
        using var pair = new Pair();
        Equal(pair.call(Reals(1), Reals(2)), 3);
        Equal(pair.forward(Reals(1), Reals(2)), 3);
    }

    [Fact]
    public void Training_mode_reaches_every_module()
    {
        using var net = new Net();
        Assert.True(net.training);
        net.eval();
        Assert.False(net.training || net.modules().Any(m => m.training));
        net.train();
        Assert.True(net.modules().All(m => m.training));
    }

    [Fact]
    public void Gradients_are_cleared()
    {
        using var net = new Net();
        net.forward(ones(1, 2, float64)).sum().backward();
        net.zero_grad(set_to_none: false);
        Assert.All(net.parameters(), p => Assert.Equal(0, p.grad!.abs().sum().ToDouble()));
        net.zero_grad();
        Assert.All(net.parameters(), p => Assert.Null(p.grad));
    }

    [Fact]
    public void State_is_live_and_loads_by_name()
    {
        using var a = new Net();
        using var b = new Net();
        var state = a.state_dict();
        Assert.Equal(6, state.Count);
        Assert.Contains("x.scale", a.state_dict(prefix: "x").Keys);
        var (missing, unexpected) = b.load_state_dict(state);
        Assert.Empty(missing.Concat(unexpected));
        Assert.All(state, e => Assert.True(b.state_dict()[e.Key].Equals(e.Value)));
        state["more"] = Reals(1);
        state.Remove("scale");
        Assert.Throws<InvalidOperationException>(() => b.load_state_dict(state));
        var loose = b.load_state_dict(state, strict: false);
        Assert.Equal(("scale", "more"), (loose.missing_keys.Single(), loose.unexpected_keyes.Single()));
    }

    [Fact]
    public void Conversion_replaces_parameters_in_their_fields()
    {
        using var net = new Net();
        var before = net.Scale;
        Assert.Same(net, net.to(float32));
        Assert.NotSame(before, net.Scale);
        Assert.True(before.IsInvalid);
        Assert.All(net.parameters(), p => Assert.True(p.dtype == float32 && p.requires_grad));
        Assert.Same(net.Scale, net.parameters().First());
        net.@double();
        net.to(CPU).to(CPU, float64).cpu();
        Shape(net.forward(zeros(1, 2, float64)), 1, 2);
        Assert.Equal(bfloat16, net.bfloat16().Scale.dtype);
        Assert.Equal(float32, net.@float().Scale.dtype);
    }

    [Fact]
    public void Linear_and_embedding()
    {
        using var linear = Linear(3, 2, dtype: float64);
        Assert.Equal((3, 2), (linear.in_features, linear.out_features));
        Shape(linear.weight, 2, 3);
        Assert.InRange(linear.weight.abs().max().ToDouble(), 0, 1 / Math.Sqrt(3));
        linear.weight = Parameter(ones(2, 3, float64));
        linear.bias = Parameter(Reals(1, 2));
        Equal(linear.forward(TwoByThree()), 4, 5, 13, 14);
        linear.bias = null;
        Equal(linear.forward(TwoByThree()), 3, 3, 12, 12);
        Assert.Null(Linear(1, 1, hasBias: false).bias);
        linear.in_features = 3;
        linear.out_features = 2;
        using var embedding = Embedding(4, 2, dtype: float64);
        embedding.weight = Parameter(arange(8, dtype: float64).view(4, 2));
        Equal(embedding.forward(tensor(new long[] { 3, 0, 3 })), 6, 7, 0, 1, 6, 7);
        embedding.forward(tensor(new long[] { 3, 0, 3 })).sum().backward();
        Equal(embedding.weight!.grad!, 1, 1, 0, 0, 0, 0, 2, 2);
    }

    [Fact]
    public void Lists_register_under_positions()
    {
        using var list = new ModuleList<Linear>(Linear(1, 1), Linear(1, 1));
        var third = Linear(1, 1);
        list.Add(third);
        list.append(Linear(1, 1));
        list.extend([Linear(1, 1)]);
        list.Insert(0, Linear(1, 1));
        Assert.Equal((6, 3, false), (list.Count, list.IndexOf(third), list.IsReadOnly));
        Assert.Contains(third, list);
        Assert.True(list.Contains(third) && list.Remove(third) && !list.Contains(third));
        list.RemoveAt(0);
        list[0] = third;
        Assert.Same(third, list[0]);
        Assert.Equal(["0.weight", "0.bias", "1.weight"], list.named_parameters().Take(3).Select(p => p.name));
        var copy = new Linear[4];
        list.CopyTo(copy, 0);
        foreach (var module in list)
            Assert.Contains(module, copy);
        list.Clear();
        Assert.Empty(list.parameters());
        using var made = ModuleList(Linear(1, 1));
        Assert.Single(made);
    }

    [Fact]
    public void A_parameter_takes_its_data_over()
    {
        var data = Reals(1);
        var parameter = new Parameter(data);
        Assert.True(data.IsInvalid);
        Assert.True(parameter.requires_grad && parameter.is_leaf);
        Assert.True(CurrentDisposeScope!.Contains(parameter));
        Assert.False(Parameter(Reals(1), requires_grad: false).requires_grad);
        using var module = new Net();
        var scale = module.Scale;
        module.Dispose();
        Assert.True(scale.IsInvalid);
    }

    private sealed class Net : Module<Tensor, Tensor>
    {
        private readonly Linear hidden = Linear(2, 2, dtype: float64);
        private readonly ModuleList<Linear> layers = new(Linear(2, 2, hasBias: false, dtype: float64), Linear(2, 2, hasBias: false, dtype: float64));
        [ComponentName(Name = "scale")]
        private readonly Parameter _scale = Parameter(Reals(1, 1));
        private readonly Tensor offset = Reals(0.5, 0.5);

        internal Net()
            : base("Net")
        {
            RegisterComponents();
            register_buffer("position", Reals(0), persistent: false);
        }

        internal Parameter Scale => _scale;

        public override Tensor forward(Tensor input) =>
            layers.Aggregate(hidden.forward(input) * _scale + offset, (x, layer) => layer.forward(x));
    }

    private sealed class Pair : Module<Tensor, Tensor, Tensor>
    {
        internal Pair()
            : base("Pair")
        {
            register_module("inner", Linear(1, 1));
            add_module("other", Linear(1, 1));
        }

        public override Tensor forward(Tensor input1, Tensor input2) => input1 + input2;
    }
}
