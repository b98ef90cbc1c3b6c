using System.Diagnostics;

namespace PretrainBench.Faults.Tests;

/// <summary>A wall clock for the programs under test, which can be set while they run; the machine's own where there
/// is no C compiler to build what sets it (<c>clock.c</c>).</summary>
internal sealed class WallClock
{
    private readonly string _offset;
    private readonly string _library;

    public WallClock(string folder)
    {
        _offset = Path.Combine(folder, "clock");
        _library = Path.Combine(folder, "clock.so");
        File.WriteAllBytes(_offset, new byte[sizeof(long)]);
        IsThere = Build();
    }

    /// <summary>Whether it can be set.</summary>
    public bool IsThere { get; }

    /// <summary>Sets the clock, at once for all that run under it; false where it cannot be set.</summary>
    public bool Set(TimeSpan ahead)
    {
        if (!IsThere) return false;
        // In place: the programs have this file mapped.
        using var file = new FileStream(_offset, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Write(BitConverter.GetBytes(checked(ahead.Ticks * 100)));
        return true;
    }

    /// <summary>Puts a program that will start under this clock.</summary>
    public void Rule(ProcessStartInfo program)
    {
        if (!IsThere) return;
        program.Environment["LD_PRELOAD"] = _library;
        program.Environment["PRETRAINBENCH_TEST_CLOCK"] = _offset;
    }

    private bool Build()
    {
        try
        {
            using var compiler = Process.Start("cc",
                ["-O2", "-shared", "-fPIC", "-o", _library, Path.Combine(AppContext.BaseDirectory, "clock.c")]);
            compiler.WaitForExit();
            return compiler.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
