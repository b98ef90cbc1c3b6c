using System.Diagnostics;
using System.Text.Json;
using k8s;
using k8s.Models;

namespace PretrainBench.Faults.Tests;

/// <summary>The manifest, read by the official client's models, and real workers held against its rules.</summary>
public sealed class KubernetesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pretrainbench-kubernetes-").FullName;

    public KubernetesTests() => FaultsData.Prepare(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_manifest_is_an_Indexed_Job_without_an_unknown_field()
    {
        var text = Manifest("axes.seed=[0,1,2,3]",
            "--queue", "research", "--image", "registry/image:1", "--threads", "2");
        var job = KubernetesYaml.Deserialize<V1Job>(text, strict: true);
        Assert.ThrowsAny<Exception>(() => KubernetesYaml.Deserialize<V1Job>(
            text.Replace("parallelism", "paralelism", StringComparison.Ordinal), strict: true));

        Assert.Equal(("batch/v1", "Job"), (job.ApiVersion, job.Kind));
        Assert.Matches("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", job.Metadata.Name);
        Assert.InRange(job.Metadata.Name.Length, 1, 50);
        Assert.Equal("research", job.Metadata.Labels["kueue.x-k8s.io/queue-name"]);
        var spec = job.Spec;
        Assert.Equal(("Indexed", 4, 4, "Failed"),
            (spec.CompletionMode, spec.Completions, spec.Parallelism, spec.PodReplacementPolicy));
        Assert.Equal((3, 2), (spec.BackoffLimitPerIndex, spec.MaxFailedIndexes));
        var disruption = Assert.Single(spec.PodFailurePolicy.Rules, rule => rule.OnPodConditions is { Count: > 0 });
        Assert.Equal(("Ignore", "DisruptionTarget", "True"), (disruption.Action,
            disruption.OnPodConditions[0].Type, disruption.OnPodConditions[0].Status));
        // A failure policy asks for both.
        Assert.Equal("Never", spec.Template.Spec.RestartPolicy);
        var worker = Assert.Single(spec.Template.Spec.Containers);
        Assert.All(spec.PodFailurePolicy.Rules.Where(rule => rule.OnExitCodes is not null),
            rule => Assert.Equal(worker.Name, rule.OnExitCodes.ContainerName));
        Assert.Equal(("registry/image:1", "1", "2"), (worker.Image,
            worker.Resources.Limits["nvidia.com/gpu"].ToString(), worker.Resources.Requests["cpu"].ToString()));
        var volume = Assert.Single(spec.Template.Spec.Volumes);
        Assert.Equal(("home", volume.Name, _folder, _folder), (volume.PersistentVolumeClaim.ClaimName,
            worker.VolumeMounts[0].Name, worker.VolumeMounts[0].MountPath, worker.WorkingDir));
    }

    [Fact]
    public void Workers_end_as_the_rules_of_the_manifest_expect()
    {
        var job = KubernetesYaml.Deserialize<V1Job>(Manifest("axes.tokens_per_parameter=[400]"), strict: true);
        using (var stopped = Worker(job))
        {
            SpinWait.SpinUntil(() => stopped.HasExited || Directory.Exists(Path.Combine(_folder, "grid")) && Directory
                .GetDirectories(Path.Combine(_folder, "grid"), "step-*", SearchOption.AllDirectories).Length > 0);
            Assert.Equal(0, FaultsProgram.Signal(stopped.Id, FaultsProgram.Terminate));
            Assert.Equal((75, "Ignore"), Outcome(job, stopped));
        }

        Manifest("axes.tokens_per_parameter=[1]");
        using (var done = Worker(job)) Assert.Equal((0, "Succeed"), Outcome(job, done));

        Directory.Delete(Path.Combine(_folder, "grid", "plans"), recursive: true);
        using (var impossible = Worker(job)) Assert.Equal((2, "FailIndex"), Outcome(job, impossible));
    }

    [Theory]
    [InlineData("--claim")]
    [InlineData("lies outside", "--claim", "home", "--folder", "../elsewhere")]
    [InlineData("kubectl is passed nothing", "--claim", "home", "--", "--namespace=a")]
    public void What_pods_could_not_see_is_refused(string problem, params string[] arguments)
    {
        var (code, text) = FaultsProgram.Run(_folder, ["grid", "launch", "grid.yaml", "tuning=null", "--on",
            "kubernetes", "--dry-run", .. arguments]);
        Assert.Equal(2, code);
        Assert.Contains(problem, text, StringComparison.Ordinal);
    }

    private string Manifest(string axes, params string[] options)
    {
        var report = FaultsProgram.MustRun(_folder, ["grid", "launch", "grid.yaml", axes, "tuning=null", "--folder",
            "grid", "--on", "kubernetes", "--claim", "home", "--dry-run", "--json", .. options]);
        return File.ReadAllText(JsonDocument.Parse(report).RootElement.GetProperty("script").GetString()!);
    }

    // What the container would run, where it would run it.
    private static Process Worker(V1Job job)
    {
        var container = job.Spec.Template.Spec.Containers[0];
        var info = new ProcessStartInfo(container.Command[0], container.Command.Skip(1))
        {
            WorkingDirectory = container.WorkingDir,
        };
        foreach (var variable in container.Env) info.Environment[variable.Name] = variable.Value;
        return Process.Start(info)!;
    }

    private static (int Code, string Action) Outcome(V1Job job, Process worker)
    {
        worker.WaitForExit();
        var rule = job.Spec.PodFailurePolicy.Rules
            .FirstOrDefault(rule => rule.OnExitCodes?.Values.Contains(worker.ExitCode) == true);
        return (worker.ExitCode, worker.ExitCode == 0 ? "Succeed" : rule?.Action ?? "Count");
    }
}
