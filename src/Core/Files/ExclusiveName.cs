using System.Runtime.InteropServices;

namespace PretrainBench.Core.Files;

/// <summary>Gives a finished file a name that only one writer can get. .NET's move looks whether the name is free and
/// renames then, so that two writers can both believe that they were first; link(2) does both at once, on network file
/// systems too.</summary>
public static class ExclusiveName
{
    private const int Exists = 17;

    /// <summary>Names the file; it may keep its old name beside the new one.</summary>
    /// <returns>False where the name was taken.</returns>
    /// <exception cref="IOException">Neither links nor files can be made there.</exception>
    public static bool TryGive(string file, string name)
    {
        if (!OperatingSystem.IsWindows())
        {
            if (Link(file, name) == 0) return true;
            if (Marshal.GetLastPInvokeError() == Exists) return false;
        }
        return TryCopy(file, name);
    }

    /// <summary>Gives a file a second name.</summary>
    /// <returns>False where it cannot have one: on another file system, or where there are no links.</returns>
    public static bool TryLink(string file, string name) => !OperatingSystem.IsWindows() && Link(file, name) == 0;

    // File systems without links: O_EXCL has one winner as well, whose file others may meet half written.
    internal static bool TryCopy(string file, string name)
    {
        FileStream target;
        try
        {
            target = new FileStream(name, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        }
        catch (IOException) when (File.Exists(name))
        {
            return false;
        }
        using (target)
        {
            try
            {
                target.Write(File.ReadAllBytes(file));
                target.Flush(flushToDisk: true);
                return true;
            }
            catch
            {
                // Half a file of ours would look like another's.
                QuietDeletion.OfFile(name);
                throw;
            }
        }
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string file,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
