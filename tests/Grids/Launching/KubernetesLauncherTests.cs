using PretrainBench.Grids.Launching;

namespace PretrainBench.Grids.Tests.Launching;

/// <summary>What kubectl says of jobs; the manifest: tests/Faults.</summary>
public class KubernetesLauncherTests
{
    [Fact]
    public void Workers_are_what_is_left_of_jobs_that_have_not_ended()
    {
        const string Jobs = """
            {"apiVersion": "v1", "kind": "List", "items": [
              {"metadata": {"name": "new"}, "spec": {"completions": 2}, "status": {}},
              {"metadata": {"name": "some"}, "spec": {"completions": 3},
               "status": {"active": 1, "succeeded": 2, "conditions": [{"type": "Suspended", "status": "False"}]}},
              {"metadata": {"name": "done"}, "spec": {"completions": 3},
               "status": {"succeeded": 3, "conditions": [{"type": "Complete", "status": "True"}]}},
              {"metadata": {"name": "failed"}, "spec": {"completions": 3},
               "status": {"failed": 2, "conditions": [{"type": "Failed", "status": "True"}]}}]}
            """;
        Assert.Equal(["new#0", "new#1", "some#0"], KubernetesLauncher.Workers(Jobs));
        Assert.Empty(KubernetesLauncher.Workers("""{"items": []}"""));
    }
}
