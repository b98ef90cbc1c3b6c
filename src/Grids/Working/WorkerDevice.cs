namespace PretrainBench.Grids.Working;

/// <summary>Where a worker trains.</summary>
/// <param name="Name">As torch names it.</param>
/// <param name="Workers">How many workers share it, this one included.</param>
public sealed record WorkerDevice(string Name, int Workers);
