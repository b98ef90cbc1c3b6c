using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;

/// <summary>
/// Marks an ELF library's request for a version of a symbol as weak: where the version is missing, the loader goes on
/// instead of refusing the library. Layouts: the ELF specification, and "Symbol Versioning" of the Linux Standard Base.
/// </summary>
public sealed class WeakenVersionRequest : Microsoft.Build.Utilities.Task
{
    private const uint VersionNeedsSection = 0x6ffffffe;
    private const byte Weak = 2;

    [Required]
    public string File { get; set; }

    [Required]
    public string Version { get; set; }

    public override bool Execute()
    {
        var library = System.IO.File.ReadAllBytes(File);
        if (!MarkWeak(library)) return true;
        var written = System.IO.File.GetLastWriteTimeUtc(File);
        // Never through a hard link: the other name of the file is the package cache's.
        System.IO.File.Delete(File);
        System.IO.File.WriteAllBytes(File, library);
        // Of the package's age again, so that the next build sees nothing to copy.
        System.IO.File.SetLastWriteTimeUtc(File, written);
        return true;
    }

    /// <summary>Whether anything had to be changed.</summary>
    private bool MarkWeak(byte[] library)
    {
        var sections = BitConverter.ToInt64(library, 0x28);
        int size = BitConverter.ToUInt16(library, 0x3a), count = BitConverter.ToUInt16(library, 0x3c);
        var changed = false;
        for (var i = 0; i < count; i++)
        {
            var section = (int)(sections + i * size);
            if (BitConverter.ToUInt32(library, section + 4) != VersionNeedsSection) continue;
            var names = (int)(sections + BitConverter.ToUInt32(library, section + 40) * size);
            changed |= MarkWeak(library, (int)BitConverter.ToInt64(library, section + 24), (int)BitConverter.ToInt64(library, names + 24));
        }
        return changed;
    }

    private bool MarkWeak(byte[] library, int need, int names)
    {
        var changed = false;
        while (true)
        {
            int requests = BitConverter.ToUInt16(library, need + 2), request = need + BitConverter.ToInt32(library, need + 8);
            for (var i = 0; i < requests; i++)
            {
                var name = names + BitConverter.ToInt32(library, request + 8);
                if (Encoding.ASCII.GetString(library, name, Array.IndexOf(library, (byte)0, name) - name) == Version
                    && (library[request + 4] & Weak) == 0)
                {
                    library[request + 4] |= Weak;
                    changed = true;
                }
                request += BitConverter.ToInt32(library, request + 12);
            }
            var next = BitConverter.ToInt32(library, need + 12);
            if (next == 0) return changed;
            need += next;
        }
    }
}
