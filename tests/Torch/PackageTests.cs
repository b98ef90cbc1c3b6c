using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace PretrainBench.Torch.Tests;

/// <summary>What the package does otherwise than one expects, and our code relies on: an upgrade that changes it is
/// seen here first.</summary>
public class PackageTests
{
    [Fact]
    public void Baddbmm_multiplies_this_by_the_first_argument_and_adds_the_second()
    {
        using var scope = NewDisposeScope();
        var (a, b, added) = (rand(2, 3, 4), rand(2, 4, 5), rand(2, 3, 5));
        Assert.True(a.baddbmm(b, added, beta: 2, alpha: 3).allclose(2 * added + 3 * a.bmm(b)));
    }

    [Fact]
    public void Attention_with_is_casual_looks_back_only_and_divides_by_the_root_of_the_head_dimension()
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = (rand(2, 3, 6, 4, dtype: ScalarType.Float64),
            rand(2, 3, 6, 4, dtype: ScalarType.Float64), rand(2, 3, 6, 4, dtype: ScalarType.Float64));
        var future = full(new long[] { 6, 6 }, double.NegativeInfinity, dtype: ScalarType.Float64).triu(1);
        var expected = (query.matmul(key.transpose(-1, -2)) / 2 + future).softmax(-1).matmul(value);
        Assert.True(
            F.scaled_dot_product_attention(query, key, value, is_casual: true).allclose(expected, 1e-12, 1e-12));
    }

    [Fact]
    public void Numbers_of_a_tensor_without_elements_cannot_be_read()
    {
        using var nothing = zeros(0, 3);
        Assert.ThrowsAny<ArgumentException>(() => nothing.data<float>().ToArray());
    }

    [Fact]
    public void Bytes_are_the_tensors_own_memory()
    {
        using var numbers = zeros(3);
        MemoryMarshal.Cast<byte, float>(numbers.bytes)[1] = 5;
        Assert.Equal([0f, 5f, 0f], numbers.data<float>().ToArray());
    }

    [Fact]
    public void Every_look_at_a_gradient_is_another_object_over_the_same_numbers()
    {
        using var scope = NewDisposeScope();
        var weight = ones(3).requires_grad_();
        weight.sum().backward();
        Assert.NotSame(weight.grad, weight.grad);
        weight.grad!.mul_(2);
        Assert.Equal([2f, 2f, 2f], weight.grad!.data<float>().ToArray());
    }

    [Fact]
    public void A_scope_owns_what_its_own_thread_makes()
    {
        using var scope = NewDisposeScope();
        Tensor? made = null;
        var other = new Thread(() => made = ones(3));
        other.Start();
        other.Join();
        scope.DisposeEverything();
        Assert.False(made!.IsInvalid);
        made.Dispose();
    }

    [Fact]
    public void Tensors_are_counted_on_the_thread_that_makes_and_the_thread_that_disposes()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var made = ones(3);
        var other = new Thread(made.Dispose);
        other.Start();
        other.Join();
        Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
