namespace PretrainBench.Models.Tests;

public class GradientTests
{
    [Theory]
    [MemberData(nameof(TestShapes.Families), MemberType = typeof(TestShapes))]
    public void Every_gradient_agrees_with_central_differences(ModelFamily family, bool tied)
    {
        using var scope = NewDisposeScope();
        var shape = TestShapes.Tiny(family, tied);
        using var model = new Decoder(shape, 1, dtype: ScalarType.Float64);
        Scatter(model);
        // 70 positions: the attention cuts the sequence into blocks, the last of them shorter.
        var (inputs_BT, targets_BT) = (TestShapes.Tokens(2, 70, 11, 2), TestShapes.Tokens(2, 70, 11, 3));
        model.Loss(inputs_BT, targets_BT, zLoss: 0.01).backward();

        foreach (var parameter in model.Parameters)
        {
            var random = new Random(parameter.Name.Length);
            for (var probe = 0; probe < 6; probe++)
            {
                var at = random.NextInt64(parameter.Value.numel());
                var expected = CentralDifference(model, parameter.Value, at, inputs_BT, targets_BT);
                var actual = parameter.Value.grad!.view(-1)[at].ToDouble();
                Assert.True(Math.Abs(expected - actual) <= 1e-8 + 1e-6 * Math.Abs(expected),
                    $"{parameter.Name}[{at}]: {actual} by backward, {expected} by differences");
            }
        }
    }

    /// <summary>Gains other than one and unequal weights, so that no mistake cancels.</summary>
    private static void Scatter(Decoder model)
    {
        using var recording = no_grad();
        using var generator = new Generator(5, CPU);
        foreach (var parameter in model.Parameters.Where(parameter => parameter.Role == ParameterRole.Norm))
            parameter.Value.add_(empty_like(parameter.Value).normal_(0, 0.2, generator));
    }

    private static double CentralDifference(Decoder model, Tensor parameter, long at, Tensor inputs_BT,
        Tensor targets_BT)
    {
        const double Step = 1e-5;
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var value = parameter.view(-1)[at];
        double LossAt(double shift)
        {
            value.add_(shift);
            var loss = model.Loss(inputs_BT, targets_BT, zLoss: 0.01).ToDouble();
            value.sub_(shift);
            return loss;
        }
        return (LossAt(Step) - LossAt(-Step)) / (2 * Step);
    }
}
