using System.Runtime.InteropServices;

namespace PretrainBench.Core.Files;

/// <summary>What stands at a path.</summary>
public enum EntryKind
{
    Nothing,
    File,
    Folder,

    /// <summary>A symbolic link, one that leads nowhere included.</summary>
    Link,

    /// <summary>Something that reading might never end, and that a file would replace for every program.</summary>
    PipeOrDevice,
}

/// <summary>Tells files from what else may have their names; .NET takes pipes and devices for files.</summary>
public static class FileEntry
{
    // statx(2): its structure is the same on every architecture; the mode's upper bits say what the file is.
    private const int CurrentFolder = -100, NoFollow = 0x100, ModeOffset = 28, StructureBytes = 256;
    private const uint TypeOnly = 1, TypeBits = 0xF000, Plain = 0x8000, Folder = 0x4000, Link = 0xA000;

    /// <summary>What stands at a path itself: links are not followed.</summary>
    public static EntryKind KindOf(string path) => KindOf(path, NoFollow);

    /// <summary>What a path leads to.</summary>
    public static EntryKind TargetKindOf(string path) => KindOf(path, 0);

    private static EntryKind KindOf(string path, int flags)
    {
        if (!OperatingSystem.IsLinux())
            return flags == NoFollow && new FileInfo(path).LinkTarget is not null ? EntryKind.Link
                : Directory.Exists(path) ? EntryKind.Folder
                : File.Exists(path) ? EntryKind.File : EntryKind.Nothing;
        var structure = new byte[StructureBytes];
        if (Statx(CurrentFolder, path, flags, TypeOnly, structure) != 0) return EntryKind.Nothing;
        return (BitConverter.ToUInt16(structure, ModeOffset) & TypeBits) switch
        {
            Plain => EntryKind.File,
            Folder => EntryKind.Folder,
            Link => EntryKind.Link,
            _ => EntryKind.PipeOrDevice,
        };
    }

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask,
        [Out] byte[] structure);
}
