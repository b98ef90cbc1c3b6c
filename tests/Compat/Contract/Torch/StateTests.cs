using static TorchSharp.torch;

namespace PretrainBench.Compat.Tests.Contract.Torch;

public class StateTests : TorchContract
{
    [Fact]
    public void Threads_are_set_and_read()
    {
        var before = get_num_threads();
        set_num_threads(1);
        Assert.Equal(1, get_num_threads());
        set_num_threads(before);
        Assert.Equal(before, get_num_threads());
        Assert.True(get_num_interop_threads() > 0);
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads()
    {
        manual_seed(4);
        var x = randn(300, 200);
        var before = get_num_threads();
        set_num_threads(1);
        var one = x.mm(x.t()).softmax(1).sum();
        set_num_threads(2);
        var two = x.mm(x.t()).softmax(1).sum();
        set_num_threads(before);
        Assert.True(one.allclose(two));
    }

    [Fact]
    public void Switches_are_set_and_read()
    {
        var (matmul, cudnn) = (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32);
        backends.cuda.matmul.allow_tf32 = !matmul;
        backends.cudnn.allow_tf32 = !cudnn;
        Assert.Equal((!matmul, !cudnn), (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32));
        backends.cuda.matmul.allow_tf32 = matmul;
        backends.cudnn.allow_tf32 = cudnn;
        Assert.Matches(@"^\d+\.\d+", __version__);
    }

    [Fact]
    public void Work_on_the_gpu_where_there_is_one()
    {
        if (!cuda.is_available())
        {
            Assert.Equal(0, cuda.device_count());
            return;
        }

        var x = ones(8, 8, device: CUDA, requires_grad: true);
        x.mm(x).sum().backward();
        cuda.synchronize();
        Assert.True(x.is_cuda && x.grad!.is_cuda);
        Equal(x.grad!.sum().cpu(), 1024);
        Assert.True(ones(2).cuda().is_cuda && ones(2).pin_memory().is_pinned());
    }
}
