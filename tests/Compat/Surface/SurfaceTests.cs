using System.Reflection;

namespace PretrainBench.Compat.Tests.Surface;

/// <summary>compat/ has nothing public that the packages lack, or have otherwise. (Against the packages themselves there is nothing to compare.)</summary>
public class SurfaceTests
{
    [Fact]
    public void TorchSharp_has_only_members_of_the_package() => Compare("TorchSharp", typeof(TorchSharp.torch).Assembly);

    [Fact]
    public void Tokenizers_has_only_members_of_the_package() => Compare("Microsoft.ML.Tokenizers", Assembly.Load("Microsoft.ML.Tokenizers"));

    [Fact]
    public void Parquet_has_only_members_of_the_package() => Compare("Parquet.Net", Assembly.Load("Parquet"));

    internal static bool IsCompat(Assembly assembly) =>
        assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(a => a is { Key: "Supplier", Value: "compat" });

    private static void Compare(string package, Assembly assembly)
    {
        if (!IsCompat(assembly))
            return;
        var list = SurfaceList.Read(package);
        var differences = assembly.GetExportedTypes().SelectMany(list.Differences).ToList();
        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }
}
