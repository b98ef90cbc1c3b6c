using System.Runtime.InteropServices;

namespace PretrainBench.Torch.Tests;

/// <summary>The test assembly as a program of its own, for what only a process's main thread can show.</summary>
internal static class Program
{
    public const string TouchAndFree = "touch-and-free";
    public const int Touched = 1 << 28;

    private static unsafe int Main(string[] arguments)
    {
        if (arguments is not [TouchAndFree]) return 2;
        var memory = (byte*)NativeMemory.Alloc(Touched);
        for (var i = 0; i < Touched; i += Environment.SystemPageSize) memory[i] = 1;
        NativeMemory.Free(memory);
        Console.WriteLine(Environment.WorkingSet);
        return 0;
    }
}
