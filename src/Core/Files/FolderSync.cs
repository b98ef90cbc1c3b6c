using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PretrainBench.Core.Files;

/// <summary>Makes names durable: a file that was flushed is still lost with the machine's power when the folder, in
/// which its name stands, was not.</summary>
internal static class FolderSync
{
    private const int ReadOnly = 0;

    /// <summary>Flushes a folder's names to the disk.</summary>
    /// <returns>False where the system cannot: the names are there all the same, only less safe.</returns>
    public static bool Flush(string folder)
    {
        // .NET opens no folders.
        if (OperatingSystem.IsWindows()) return false;
        using var handle = new SafeFileHandle(Open(folder, ReadOnly), ownsHandle: true);
        return !handle.IsInvalid && Fsync(handle) == 0;
    }

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    private static extern int Fsync(SafeFileHandle handle);
}
