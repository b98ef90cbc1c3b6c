using System.Reflection;
using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>Finds the compiled bridge beside the assembly; says what to run when it is missing or does not load.</summary>
internal static class BridgeLoader
{
    private const string FileName = "libpretrainbench_torch.so";

    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(BridgeLoader).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != "pretrainbench_torch")
            return 0;
        var path = Environment.GetEnvironmentVariable("PRETRAINBENCH_TORCH_BRIDGE");
        if (string.IsNullOrEmpty(path))
            path = Path.Combine(AppContext.BaseDirectory, FileName);
        if (!File.Exists(path))
            throw new DllNotFoundException($"The torch bridge {path} is missing: run ./scripts/setup.sh and build again.");
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException($"The torch bridge {path} does not load (was libtorch moved or upgraded?): run ./scripts/setup.sh and build again. {e.Message}", e);
        }
    }
}
