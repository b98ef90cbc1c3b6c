using static TorchSharp.torch;

namespace PretrainBench.Torch.Tests;

[Collection("resident memory")]
public class FreedPagesTests
{
    [Fact]
    public void Pages_of_tensors_that_are_gone_are_handed_back_once_they_are_many()
    {
        const int Tensors = 5000, Floats = 1 << 15;
        Look();
        var usual = Environment.WorkingSet;
        var all = Enumerable.Range(0, Tensors).Select(_ => ones(Floats)).ToList();
        // The last one keeps the heap from shrinking by itself.
        all.SkipLast(1).ToList().ForEach(tensor => tensor.Dispose());
        const long Freed = 4L * Tensors * Floats;
        Assert.True(Environment.WorkingSet - usual > Freed / 2, "the heap shrank by itself: nothing is shown");

        Look();
        Assert.True(Environment.WorkingSet - usual < Freed / 4,
            $"{(Environment.WorkingSet - usual) >> 20} MB are still held");
        all[^1].Dispose();
    }

    private static void Look()
    {
        for (var step = 0; step < 16; step++) FreedPages.ReturnWhenGrown();
    }
}
