using System.Runtime.CompilerServices;

namespace PretrainBench.Tests;

/// <summary>Tests run under the settings that the program gives itself.</summary>
internal static class PrepareTorch
{
    // A test assembly has no Main of its own to do it in.
#pragma warning disable CA2255
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Prepare() => Torch.TorchProcess.Prepare();
}
