using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Grids.Planning;

namespace PretrainBench.Grids.Tests;

public class RunNameTests
{
    private static readonly PlannedRun[] Plan =
    [
        Run("aa11", "adamw", 1, 0), Run("aa22", "adamw", 1, 1), Run("bb33", "adamw", 10, 0), Run("cc44", "muon", 10, 0),
        Run("dd55", "slow-muon", 10, 1),
    ];

    [Theory]
    [InlineData("aa11", "aa11")]
    [InlineData("b3", "bb33")]
    [InlineData("adamw t ×1", "aa11")]
    [InlineData("ADAMW T x1", "aa11")]
    [InlineData("x1 seed 1", "aa22")]
    [InlineData("muon", "cc44")]
    [InlineData("slow", "dd55")]
    [InlineData("adamw  ×10", "bb33")]
    public void Any_part_that_no_other_run_has_names_a_run(string name, string id)
        => Assert.Equal(id, RunName.Find(Plan, name).RunId);

    [Theory]
    [InlineData("adamw", "3 runs are called so")]
    [InlineData("aa", "aa22  adamw t ×1 seed 1")]
    [InlineData("lion", "no planned run is called so")]
    [InlineData(" ", "such as")]
    public void What_names_none_or_several_is_an_error_that_lists_runs(string name, string part)
        => Assert.Contains(part, Assert.Throws<UserException>(() => RunName.Find(Plan, name)).Message,
            StringComparison.Ordinal);

    private static PlannedRun Run(string id, string optimizer, double ratio, ulong seed)
        => new(id, new GridCell(optimizer, "t", ratio, seed), false, new ConfigMapping("test"), 1000, 1e9);
}
