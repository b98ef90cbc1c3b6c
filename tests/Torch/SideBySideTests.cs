using static TorchSharp.torch;

namespace PretrainBench.Torch.Tests;

public class SideBySideTests
{
    [Fact]
    public void Every_piece_is_done_once_on_one_thread_each_and_the_threads_come_back()
    {
        var before = get_num_threads();
        try
        {
            set_num_threads(2);
            var done = new int[7];
            var threads = new int[7];
            SideBySide.ForEach(7, piece => (done[piece], threads[piece]) = (done[piece] + 1, get_num_threads()));
            Assert.All(done, times => Assert.Equal(1, times));
            Assert.All(threads, count => Assert.Equal(1, count));
            Assert.Equal(2, get_num_threads());
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void A_failure_in_one_piece_reaches_the_caller_and_the_threads_come_back()
    {
        var before = get_num_threads();
        try
        {
            set_num_threads(2);
            var error = Assert.Throws<InvalidOperationException>(() => SideBySide.ForEach(4,
                piece => { if (piece == 2) throw new InvalidOperationException("two"); }));
            Assert.Equal("two", error.Message);
            Assert.Equal(2, get_num_threads());
        }
        finally
        {
            set_num_threads(before);
        }
    }
}
