using PretrainBench.Core;
using PretrainBench.Torch;

namespace PretrainBench.Optimizers;

/// <summary>Errors inside a rule, told with the rule, the parameter and the step.</summary>
internal static class RuleFailure
{
    /// <summary>Whether an exception still lacks its place; memory that is used up is recognised elsewhere.</summary>
    public static bool IsBare(Exception e) => e is not UserException && !ProcessMemory.IsUsedUp(e);

    /// <param name="slot">The parameter; null where the rule was at work on all of them.</param>
    public static UserException At(UpdateRule rule, ParameterSlot? slot, OptimizerStep step, Exception e)
    {
        var place = slot is null ? "" : $" on `{slot.Name}` [{string.Join(", ", slot.Shape)}]";
        // Torch's messages go on with its own stack.
        var problem = e.Message.Split('\n')[0].TrimEnd();
        return new($"the rule `{RuleRegistry.NameOf(rule.Options)}` failed{place} at step {step.Index}: {problem} "
            + $"({e.GetType().Name}; `--verbose` shows where)", ExitCodes.Failed, e);
    }
}
