using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Modules;

/// <summary>A module as others write them, with layers of most kinds.</summary>
internal sealed class StrangersModel : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "tokens")] private readonly Embedding _tokens = nn.Embedding(10, 8);
    [ComponentName(Name = "positions")] private readonly Parameter _positions = new(zeros(5, 8));
    [ComponentName(Name = "attention")]
    private readonly MultiheadAttention _attention = nn.MultiheadAttention(8, 2, bias: false);
    [ComponentName(Name = "norm")] private readonly LayerNorm _norm = nn.LayerNorm([5, 8]);
    [ComponentName(Name = "layers")]
    private readonly Sequential _layers = nn.Sequential(nn.Linear(8, 12), nn.GELU(), nn.Linear(12, 8));
    [ComponentName(Name = "filter")] private readonly Conv1d _filter = nn.Conv1d(5, 5, 3, padding: 1);
    [ComponentName(Name = "gain")] private readonly Parameter _gain = new(ones(8));
    [ComponentName(Name = "head")] private readonly Linear _head = nn.Linear(8, 10, hasBias: false);

    public StrangersModel(bool tied = false, bool frozen = false)
        : base(nameof(StrangersModel))
    {
        if (tied) _head.weight = _tokens.weight!;
        RegisterComponents();
        if (frozen) foreach (var parameter in _layers.parameters()) parameter.requires_grad = false;
    }

    public override Tensor forward(Tensor inputs_BT)
    {
        var x = (_tokens.forward(inputs_BT) + _positions).transpose(0, 1);
        x = x + _attention.forward(x, x, x, null, false, null).Item1;
        x = _norm.forward(x.transpose(0, 1)) * _gain;
        return _head.forward(x + _layers.forward(x) + _filter.forward(x));
    }
}
