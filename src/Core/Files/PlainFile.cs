using System.Runtime.InteropServices;

namespace PretrainBench.Core.Files;

/// <summary>Whether a name is free or a plain file's, so that a file may be renamed over it, or read to its end. A
/// device (/dev/null), a pipe or a socket would be lost, for every program on the machine, or never end.</summary>
public static class PlainFile
{
    // statx(2): its structure is the same on every architecture; the mode's upper bits say what the file is.
    private const int CurrentFolder = -100, ModeOffset = 28, StructureBytes = 256;
    private const uint TypeOnly = 1, TypeBits = 0xF000, Plain = 0x8000;

    /// <summary>Reads a text file, unless reading might never end.</summary>
    /// <param name="mostBytes">What no such file exceeds.</param>
    /// <exception cref="UserException">It is a pipe, a device or a folder, or larger than that.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string ReadText(string path, long mostBytes)
    {
        RequireNoFolder(path);
        RequireReadable(path);
        if (new FileInfo(path) is { Exists: true, Length: var length } && length > mostBytes)
            throw new UserException($"{path}: has {Quantity.Bytes(length)}, and no such file has more than "
                + $"{Quantity.Bytes(mostBytes)}; is it the right one?");
        return File.ReadAllText(path);
    }

    /// <exception cref="UserException">It is a pipe or a device, from which reading might never end.</exception>
    public static void RequireReadable(string path)
    {
        if (!Directory.Exists(path) && IsOther(path))
            throw new UserException($"{path}: is a pipe or a device; write what it gives to a file, and name that");
    }

    /// <exception cref="UserException">Something else than a plain file has that name.</exception>
    internal static void Require(string path)
    {
        RequireNoFolder(path);
        if (!IsOther(path)) return;
        throw new UserException($"{path}: is a device or a pipe, which a file would replace; name a file");
    }

    private static void RequireNoFolder(string path)
    {
        if (Directory.Exists(path)) throw new UserException($"{path}: is a folder; name a file");
    }

    internal static bool IsOther(string path)
    {
        if (!OperatingSystem.IsLinux()) return false;
        var structure = new byte[StructureBytes];
        if (Statx(CurrentFolder, path, 0, TypeOnly, structure) != 0) return false;
        return (BitConverter.ToUInt16(structure, ModeOffset) & TypeBits) != Plain;
    }

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask,
        [Out] byte[] structure);
}
