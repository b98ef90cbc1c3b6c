using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace PretrainBench.Torch;

/// <summary>Memory of a CUDA device as its driver counts it (NVML), all processes together: TorchSharp binds no
/// statistics of its own. torch keeps what it has freed, so that what is used at the end is about the peak.</summary>
public static partial class DeviceMemory
{
    private const string Library = "libnvidia-ml.so.1";

    /// <summary>Used and free bytes of a device; null where there is none, or no driver to ask.</summary>
    /// <param name="device">As torch counts them, so within CUDA_VISIBLE_DEVICES.</param>
    public static (long Used, long Free)? Of(Device device)
    {
        if (device.type != TorchSharp.DeviceType.CUDA || !NativeLibrary.TryLoad(Library, out _) || Init() != 0)
            return null;
        return Find(Math.Max(0, device.index)) is { } handle && MemoryInfo(handle, out var memory) == 0
            ? ((long)memory.Used, (long)memory.Free)
            : null;
    }

    /// <summary>The most memory that work on a device took, as far as it is known: used on a CUDA device now, or most
    /// resident in this process so far.</summary>
    public static long? PeakBytes(Device device)
        => device.type == TorchSharp.DeviceType.CUDA ? Of(device)?.Used : ProcessMemory.PeakBytes();

    // The variable lists numbers or identifiers in the order in which torch counts.
    private static nint? Find(int index)
    {
        var visible = Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")?.Split(',');
        var name = visible is null ? $"{index}" : visible.ElementAtOrDefault(index)?.Trim();
        var status = uint.TryParse(name, out var number)
            ? ByIndex(number, out var handle)
            : ByIdentifier(name ?? "", out handle);
        return status == 0 ? handle : null;
    }

    [LibraryImport(Library, EntryPoint = "nvmlInit_v2")]
    private static partial int Init();

    [LibraryImport(Library, EntryPoint = "nvmlDeviceGetHandleByIndex_v2")]
    private static partial int ByIndex(uint index, out nint device);

    [LibraryImport(Library, EntryPoint = "nvmlDeviceGetHandleByUUID", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ByIdentifier(string identifier, out nint device);

    [LibraryImport(Library, EntryPoint = "nvmlDeviceGetMemoryInfo")]
    private static partial int MemoryInfo(nint device, out Memory memory);

    // nvmlMemory_t.
    [StructLayout(LayoutKind.Sequential)]
    private struct Memory
    {
        public ulong Total, Free, Used;
    }
}
