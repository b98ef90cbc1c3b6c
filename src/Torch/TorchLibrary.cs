using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using PretrainBench.Core;

namespace PretrainBench.Torch;

/// <summary>Loads libtorch, or says in one line why it cannot be loaded on this machine.</summary>
public static partial class TorchLibrary
{
    private static readonly string Folder = FolderOfLibraries();

    // In the order in which each needs those before it.
    private static readonly string[] Libraries = ["libc10.so", "libtorch_cpu.so", "libtorch.so", "libLibTorchSharp.so"];

    /// <summary>Loads TorchSharp's native library and libtorch, before TorchSharp tries: where they cannot be loaded,
    /// it copies half a gigabyte about, prints a page of trace and says that a package is missing.</summary>
    /// <exception cref="UserException">They cannot be loaded; the message says why.</exception>
    public static void Load()
    {
        if (OperatingSystem.IsLinux() && Failure(Libraries[^1]) is not null)
            throw new UserException(WhyNot(), ExitCodes.Failed);
    }

    // Which library cannot be loaded, what it asks for, what is there, and what to do.
    private static string WhyNot()
    {
        if (!File.Exists(Path.Combine(Folder, Libraries[^1])))
            return $"libtorch cannot be loaded: TorchSharp has no {Libraries[^1]} for "
                + $"{RuntimeInformation.RuntimeIdentifier}; use a machine with linux-x64";
        foreach (var library in Libraries)
            if (Failure(library) is { } failure) return $"libtorch cannot be loaded: {Explain(library, failure)}";
        return "libtorch can be loaded, and yet TorchSharp could not start it; run with --verbose";
    }

    /// <summary>The loader's message about a library, with what is there and what to do.</summary>
    /// <param name="library">The library that was to be loaded.</param>
    /// <param name="failure">The loader's own line.</param>
    internal static string Explain(string library, string failure)
    {
        if (VersionMissing().Match(failure) is { Success: true } version)
        {
            var (provider, asked, asking) =
                (version.Groups["provider"].Value, version.Groups["asked"].Value, version.Groups["asking"].Value);
            return $"{Path.GetFileName(asking)} asks {provider} for {asked}, which has "
                + $"up to {Newest(provider, asked)}; use a system with a newer one (Debian 12, Ubuntu 22.04 or "
                + "later), or set LD_LIBRARY_PATH to a folder with one";
        }
        if (failure.Contains("cannot open shared object file", StringComparison.Ordinal))
            return $"{failure.Split(':')[0]} is not there; set LD_LIBRARY_PATH to the folder that has "
                + "it (a PyTorch 2.10 has torch/lib), or take a build that brings its own (-p:Torch=cpu)";
        return $"{library}: {failure}";
    }

    private static string? Failure(string library)
    {
        var path = Path.Combine(Folder, library);
        try
        {
            NativeLibrary.Load(File.Exists(path) ? path : library);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            // .NET puts advice before the loader's lines, one for each name that it tried: the one with a reason is the
            // longest.
            return e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => line.Contains(".so", StringComparison.Ordinal))
                .Skip(1).FirstOrDefault() ?? e.Message.ReplaceLineEndings(" ");
        }
    }

    private static string FolderOfLibraries()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        return Directory.Exists(folder) ? folder : AppContext.BaseDirectory;
    }

    // The newest version of the kind asked for (GLIBCXX, GLIBC, CXXABI) that a library names.
    private static string Newest(string provider, string asked)
    {
        if (!File.Exists(provider)) return "no known version";
        var kind = asked[..asked.IndexOf('_', StringComparison.Ordinal)];
        return Regex.Matches(Encoding.Latin1.GetString(File.ReadAllBytes(provider)), $@"\b{kind}_(\d+(?:\.\d+)+)")
            .Select(match => match.Groups[1].Value).Distinct()
            .MaxBy(number => Version.Parse(number)) is { } newest ? $"{kind}_{newest}" : "no such version";
    }

    // /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)
    [GeneratedRegex(@"(?<provider>\S+): version `(?<asked>[^']+)' not found \(required by (?<asking>[^)]+)\)")]
    private static partial Regex VersionMissing();
}
