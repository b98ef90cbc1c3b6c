using System.Globalization;
using System.Runtime.InteropServices;

namespace PretrainBench.Torch;

/// <summary>What a process has to settle before libtorch is loaded: how memory is kept, how sums are taken, how threads
/// wait. A program that trains calls <see cref="Prepare"/> first; whatever its user has set in the environment
/// stays.</summary>
public static partial class TorchProcess
{
    private static readonly Lock Gate = new();
    private static bool _prepared;

    /// <summary>Settles all of it, once; does nothing on systems other than Linux with glibc.</summary>
    public static void Prepare()
    {
        lock (Gate)
        {
            if (_prepared || !RuntimeInformation.RuntimeIdentifier.StartsWith("linux-x64", StringComparison.Ordinal))
                return;
            _prepared = true;
            KeepFreedPages();
            // MKL picks kernels by the alignment of memory otherwise, and a resumed run would differ in the last bits.
            SetDefault("MKL_CBWR", "AVX2");
            if (IsShared()) SetDefault("OMP_WAIT_POLICY", "passive");
        }
    }

    // Large tensors come and go at every step. glibc would map each anew and hand its pages back at once, and the
    // kernel would clear them again page by page: two to three times the time of a step in bf16 (docs/torch.md has the
    // figures).
    private static void KeepFreedPages()
    {
        const int TrimThreshold = -1, TopPad = -2, MostMappings = -4, MostArenas = -8, Never = -1;
        // The threshold for mappings of their own cannot be raised above 32 MB, but their number can be zero. Arenas
        // other than the main thread's would map large pieces all the same.
        (int Option, int Value)[] options =
            [(MostMappings, 0), (MostArenas, 1), (TrimThreshold, Never), (TopPad, 64 << 20)];
        foreach (var (option, value) in options)
            if (MallocOption(option, value) == 0)
                throw new InvalidOperationException($"mallopt refused {option}, which glibc documents");
    }

    // Whether others keep this machine's cores busy: a waiting thread that spins then stops the one it waits for.
    private static bool IsShared()
    {
        const string Load = "/proc/loadavg";
        if (!File.Exists(Load)) return false;
        var waiting = double.Parse(File.ReadAllText(Load).Split(' ')[0], CultureInfo.InvariantCulture);
        return waiting > Environment.ProcessorCount / 2.0;
    }

    // .NET keeps a copy of the environment; libraries read the process's own.
    private static void SetDefault(string variable, string value) => _ = SetVariable(variable, value, overwrite: 0);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MallocOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
