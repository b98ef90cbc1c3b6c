using System.Runtime.InteropServices;

namespace PretrainBench.Torch.Tests;

public class TorchLibraryTests
{
    [Fact]
    public void Libtorch_loads_here() => TorchLibrary.Load();

    [Fact]
    public void A_version_that_is_missing_is_named_beside_the_newest_there()
    {
        using var folder = new Folder();
        File.WriteAllText(folder["libstdc++.so.6"],
            "x\0GLIBCXX_3.4\0GLIBCXX_3.4.9\0GLIBCXX_3.4.30\0GLIBCXX_DEBUG_MESSAGE_LENGTH\0CXXABI_1.3.99\0");
        var message = TorchLibrary.Explain("libLibTorchSharp.so",
            $"{folder["libstdc++.so.6"]}: version `GLIBCXX_3.4.32' not found "
                + "(required by /opt/app/libLibTorchSharp.so)");
        Assert.StartsWith(
            $"libLibTorchSharp.so asks {folder["libstdc++.so.6"]} for GLIBCXX_3.4.32, which has up to GLIBCXX_3.4.30; ",
            message, StringComparison.Ordinal);
        Assert.Contains("LD_LIBRARY_PATH", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_is_missing_is_named_with_what_to_do()
        => Assert.StartsWith("libtorch.so is not there; set LD_LIBRARY_PATH to ",
            TorchLibrary.Explain("libLibTorchSharp.so",
                "libtorch.so: cannot open shared object file: No such file or directory"), StringComparison.Ordinal);

    [Fact]
    public void The_loader_itself_says_what_is_explained()
    {
        // The native library beside the tests, asking for a version that no system has.
        using var folder = new Folder();
        var native =
            Directory.GetFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories).First();
        var library = File.ReadAllBytes(native);
        var version = "GLIBCXX_3.4.26\0"u8;
        var at = library.AsSpan().IndexOf(version);
        Assert.True(at > 0, "the library asks for another version now: take one that `objdump -p` shows");
        "GLIBCXX_3.9.99\0"u8.CopyTo(library.AsSpan(at));
        File.WriteAllBytes(folder["libLibTorchSharp.so"], library);
        TorchLibrary.Load();
        var error = Assert.Throws<DllNotFoundException>(() => NativeLibrary.Load(folder["libLibTorchSharp.so"]));
        Assert.Contains("GLIBCXX_3.9.99", error.Message, StringComparison.Ordinal);
        var line = error.Message.Split('\n').First(line => line.Contains("GLIBCXX_3.9.99", StringComparison.Ordinal));
        Assert.Matches(
            @"libLibTorchSharp\.so asks \S+libstdc\+\+\.so\.6 for GLIBCXX_3\.9\.99, "
            + @"which has up to GLIBCXX_3\.4\.\d+; ",
            TorchLibrary.Explain("libLibTorchSharp.so", line));
    }

    private sealed class Folder : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("pretrainbench-").FullName;

        public string this[string name] => Path.Combine(_path, name);

        public void Dispose() => Directory.Delete(_path, recursive: true);
    }
}
