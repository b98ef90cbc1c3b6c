using static TorchSharp.torch;

namespace PretrainBench.Torch.Tests;

public class LateNumbersTests
{
    [Fact]
    public void Numbers_come_in_order_also_when_their_tensors_are_gone_or_changed()
    {
        LateNumbers late;
        using (NewDisposeScope())
        {
            var (first, second) = (tensor(1.5f), tensor(-2f));
            late = new LateNumbers(first, second);
            first.add_(1);
        }
        using (late) Assert.Equal([1.5, -2], late.Read());
    }

    [Fact]
    public void What_is_no_number_comes_through()
    {
        using var scope = NewDisposeScope();
        using var late = new LateNumbers(tensor(float.NaN), tensor(float.NegativeInfinity));
        Assert.Equal([double.NaN, double.NegativeInfinity], late.Read());
    }

    [Fact]
    public void Numbers_that_are_read_at_once_are_counted()
    {
        using var scope = NewDisposeScope();
        var before = HostReads.Count;
        Assert.Equal(3.25, tensor(3.25f).ReadNumber());
        Assert.Equal(7, tensor(7L).ReadNumber());
        Assert.True(HostReads.Count >= before + 2);
    }
}
