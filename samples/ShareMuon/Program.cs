// Trains a module of its own with Muon, SOAP and Shampoo (AdamW beside them), saves half-way, and goes on from the files
// to the same losses.
using PretrainBench.Core;
using PretrainBench.Optimizers;
using PretrainBench.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

const int Steps = 200;
TorchProcess.Prepare();
random.manual_seed(1);
foreach (var rule in new[] { "muon", "soap", "shampoo" })
{
    using var model = new Sums();
    using var optimizer = Prepare(model, rule);
    var begun = Train(model, optimizer, Steps / 2);
    var file = Path.Combine(AppContext.BaseDirectory, rule);
    model.save(file + ".weights");
    optimizer.Save(file + ".safetensors");
    var whole = Train(model, optimizer, Steps);

    using var other = new Sums();
    using var resumed = Prepare(other, rule);
    other.load(file + ".weights");
    resumed.Load(file + ".safetensors");
    var again = Train(other, resumed, Steps);
    Console.WriteLine(FormattableString.Invariant($"{rule}: loss {begun[0]:F3} {begun[^1]:F3} {whole[^1]:F3}, ")
        + (whole.SequenceEqual(again) ? "the same from the files" : "another from the files"));
}

// Roles are guessed from the layers; what is a parameter of the module itself would count as a hidden matrix.
static ScheduledOptimizer Prepare(Sums model, string rule)
    => new(ModelParameters.Of(model, (name, _) => name == "positions" ? ParameterRole.Embedding : null),
        OptimizerConfig.Default(rule), Steps);

static List<float> Train(Sums model, ScheduledOptimizer optimizer, int end)
{
    var losses = new List<float>();
    while (optimizer.StepsTaken < end)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)optimizer.StepsTaken, CPU);
        var pairs = randint(0, Sums.Modulus, [128, 2], generator: generator);
        var loss = nn.functional.cross_entropy(model.forward(pairs), pairs.sum([1]).remainder(Sums.Modulus));
        loss.backward();
        optimizer.Step();
        optimizer.ZeroGrad();
        losses.Add(loss.item<float>());
    }
    return losses;
}

/// <summary>Learns the sum of two numbers, modulo a third.</summary>
sealed class Sums : nn.Module<Tensor, Tensor>
{
    public const int Modulus = 16;
    private readonly Embedding numbers = nn.Embedding(Modulus, 64);
    private readonly Parameter positions = new(randn(2, 64));
    private readonly Linear hidden = nn.Linear(128, 128);
    private readonly LayerNorm norm = nn.LayerNorm(128);
    private readonly Linear head = nn.Linear(128, Modulus);

    public Sums() : base(nameof(Sums)) => RegisterComponents();

    public override Tensor forward(Tensor pairs)
        => head.forward(norm.forward(hidden.forward((numbers.forward(pairs) + positions).flatten(1)).relu()));
}
