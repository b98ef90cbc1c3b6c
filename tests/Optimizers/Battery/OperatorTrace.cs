using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace PretrainBench.Optimizers.Tests.Battery;

/// <summary>Every operator that libtorch executes while an action runs, on whatever thread, with the shapes that it was
/// given: libtorch's own execution trace, which TorchSharp does not bind. What a rule multiplies is seen however it
/// calls it.</summary>
internal static partial class OperatorTrace
{
    private const string Library = "libtorch_cpu.so", Scope = "_ZN5torch8profiler4impl";

    /// <summary>The operators in the order in which they began.</summary>
    public static unsafe List<(string Operator, long[][] Shapes)> Of(Action action)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        var name = Encoding.UTF8.GetBytes(path + '\0');
        try
        {
            fixed (byte* text = name)
            {
                // A std::string as libstdc++ lays it out: where its characters are, how many, and room for short ones.
                var standard = stackalloc nint[4] { (nint)text, name.Length - 1, name.Length - 1, 0 };
                Assert.True(Add(standard));
            }
            Enable();
            action();
            Disable();
            Remove();
            using var trace = JsonDocument.Parse(File.ReadAllText(path));
            return [.. trace.RootElement.GetProperty("nodes").EnumerateArray()
                .Select(node => (node.GetProperty("name").GetString()!, ShapesOf(node)))];
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Lists of tensors have a list of shapes, which no product takes.
    private static long[][] ShapesOf(JsonElement node)
        => [.. node.GetProperty("inputs").GetProperty("shapes").EnumerateArray().Select(shape =>
            shape.EnumerateArray().Where(size => size.ValueKind == JsonValueKind.Number)
                .Select(size => size.GetInt64()).ToArray())];

    [LibraryImport(Library, EntryPoint
        = Scope + "25addExecutionTraceObserverERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE")]
    [return: MarshalAs(UnmanagedType.U1)]
    private static unsafe partial bool Add(nint* path);

    [LibraryImport(Library, EntryPoint = Scope + "28enableExecutionTraceObserverEv")]
    private static partial void Enable();

    [LibraryImport(Library, EntryPoint = Scope + "29disableExecutionTraceObserverEv")]
    private static partial void Disable();

    [LibraryImport(Library, EntryPoint = Scope + "28removeExecutionTraceObserverEv")]
    private static partial void Remove();
}
