using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Grids.Configuration;
using TorchSharp;

namespace PretrainBench.Grids.Launching;

/// <summary>The devices of this machine that a grid's workers train on, and how each worker is shown its own.</summary>
public static class DeviceList
{
    internal const string VisibleVariable = "CUDA_VISIBLE_DEVICES";
    private const string Cpu = "cpu", Cuda = "cuda";

    /// <summary>The devices: those asked for; else that of the grid's base; else all that CUDA shows.</summary>
    /// <exception cref="UserException">There is no such device.</exception>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> asked, GridFile grid)
        => Of(asked, (grid.Base.Find("execution.device") as ConfigScalar)?.Text,
            torch.cuda.is_available() ? torch.cuda.device_count() : 0);

    /// <summary>The same, told what there is.</summary>
    /// <param name="ofBase">The device that the grid's base names; null where it names none.</param>
    /// <param name="visible">How many CUDA devices torch sees.</param>
    /// <returns>Empty where workers take what their runs say.</returns>
    internal static IReadOnlyList<string> Of(IReadOnlyList<string> asked, string? ofBase, int visible)
    {
        if (asked.Count == 0)
            return ofBase is null or Cuda ? [.. Enumerable.Range(0, visible).Select(index => $"{Cuda}:{index}")]
                : IndexOf(ofBase) is null ? [] : [ofBase];
        foreach (var device in asked)
        {
            if (device == Cpu && asked.Count == 1) continue;
            if (IndexOf(device) is not { } index)
                throw new UserException($"`--devices {device}`: is no device; write cuda:0,cuda:1, or cpu alone");
            if (index >= visible)
                throw new UserException($"`--devices {device}`: torch sees {visible} CUDA devices here");
        }
        return asked.Distinct().Count() == asked.Count ? asked
            : throw new UserException("`--devices`: a device is named twice; `--workers-per-device` shares one");
    }

    /// <summary>Whether a device is no CPU.</summary>
    internal static bool IsCuda(string device) => IndexOf(device) is not null;

    /// <summary>What shows a worker its device alone, in which it then is the first.</summary>
    /// <param name="visible">What is shown to the launcher; null or empty: everything.</param>
    internal static string Visible(string device, string? visible)
    {
        if (IndexOf(device) is not { } index) return "";
        var shown = visible?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        return index < shown.Length ? shown[index] : $"{index}";
    }

    private static int? IndexOf(string device)
        => device.Split(':') is [Cuda, var text] && int.TryParse(text, out var index) && index >= 0 ? index : null;
}
