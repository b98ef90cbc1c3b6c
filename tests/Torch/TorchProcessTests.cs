using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PretrainBench.Torch.Tests;

/// <summary>What the module initializer of the tests has settled, as the program's start does.</summary>
public class TorchProcessTests
{
    [Fact]
    public void Sums_do_not_depend_on_alignment()
    {
        // The loader's own environment, which MKL reads; .NET's is a copy.
        Assert.Equal("AVX2", Marshal.PtrToStringUTF8(Variable("MKL_CBWR")));
    }

    [Fact]
    public void Freed_pages_are_kept()
    {
        // In a process of its own, for what a main thread allocates: other threads may have pools from before.
        using var child = Process.Start(
            new ProcessStartInfo(Path.ChangeExtension(typeof(Program).Assembly.Location, null), Program.TouchAndFree)
            {
                RedirectStandardOutput = true,
            })!;
        var resident = long.Parse(child.StandardOutput.ReadToEnd());
        child.WaitForExit();
        Assert.True(resident > Program.Touched, $"{resident} bytes are resident: freed memory went back to the system");
    }

    [DllImport("libc", EntryPoint = "getenv", CharSet = CharSet.Ansi)]
#pragma warning disable CA2101
    private static extern nint Variable([MarshalAs(UnmanagedType.LPUTF8Str)] string name);
#pragma warning restore CA2101
}
