using System.Diagnostics;

namespace PretrainBench.Faults.Tests;

/// <summary>What disks, people and other programs do to a file.</summary>
internal static class FileDamage
{
    /// <summary>Damages a file.</summary>
    /// <param name="mayDisplace">Whether something else may take its place.</param>
    /// <returns>How; null where it was not to be had.</returns>
    public static string? Strike(string path, Random random, bool mayDisplace)
    {
        var name = Path.GetFileName(path);
        if (mayDisplace && random.Next(4) == 0)
            return Displace(path, random.Next(3)) is { } kind ? $"{kind} for {name}" : null;
        try
        {
            var bytes = File.ReadAllBytes(path);
            bytes = random.Next(3) switch
            {
                0 => bytes[..(bytes.Length / 2)],
                1 => [],
                _ => [.. "null"u8],
            };
            // A new file: whoever has the old one open or mapped keeps it.
            File.WriteAllBytes(path + ".damaged", bytes);
            File.Move(path + ".damaged", path, overwrite: true);
            return $"damaged {name}";
        }
        catch (IOException)
        {
            File.Delete(path + ".damaged");
            return null;
        }
    }

    private static string? Displace(string path, int kind)
    {
        File.Delete(path);
        (string What, string Program, string[] Arguments) made = kind switch
        {
            0 => ("pipe", "mkfifo", [path]),
            1 => ("link", "ln", ["-s", "/nowhere", path]),
            _ => ("folder", "mkdir", [path]),
        };
        using var process = Process.Start(made.Program, made.Arguments);
        process.WaitForExit();
        return process.ExitCode == 0 ? made.What : null;
    }
}
