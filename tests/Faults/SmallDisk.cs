using System.Diagnostics;

namespace PretrainBench.Faults.Tests;

/// <summary>A folder that is a disk of its own, small enough to be filled; a plain folder where that cannot be
/// made.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _place;
    private readonly bool _isMounted;
    private readonly List<Task> _fills = [];

    private SmallDisk(string place, bool isMounted) => (_place, _isMounted) = (place, isMounted);

    public static SmallDisk At(string place)
    {
        Directory.CreateDirectory(place);
        return new SmallDisk(place,
            Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", place));
    }

    /// <summary>Leaves no room for a while; false where the folder is no disk of its own.</summary>
    public bool FillFor(TimeSpan time)
    {
        if (!_isMounted) return false;
        var path = Path.Combine(_place, $"filling-{_fills.Count}");
        Run("dd", "if=/dev/zero", $"of={path}", "bs=64k");
        _fills.Add(Task.Delay(time).ContinueWith(_ => File.Delete(path)));
        return true;
    }

    public void Dispose()
    {
        Task.WaitAll(_fills);
        if (_isMounted) Run("umount", _place);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
