using System.Text.Json;
using PretrainBench.Core;

namespace PretrainBench.Grids.Launching;

/// <summary>The file that kubectl is given: the claim holds the working directory, with the grid's folder and the data,
/// and stands under the same path in the pods, where the frozen program runs in an image that has .NET.</summary>
internal sealed class KubernetesManifest
{
    public const string FileName = "job.yaml";
    public const string GridLabel = "pretrainbench/grid";

    private const string DefaultImage = "mcr.microsoft.com/dotnet/runtime:10.0";

    // Names of pods add an index and a random end, within 63 characters.
    private const int MostOfName = 24;

    // Like a worker of a launch on one machine that dies again and again.
    private const int FailuresPerWorker = 3;
    private const int SecondsForCheckpoint = 120;

    private readonly GridFolder _folder;
    private readonly LaunchRequest _request;
    private readonly string _claim;
    private readonly string _here = Environment.CurrentDirectory;

    /// <exception cref="UserException">The pods would not see the grid's folder.</exception>
    public KubernetesManifest(GridFolder folder, LaunchRequest request)
    {
        (_folder, _request) = (folder, request);
        _claim = request.Claim ?? throw new UserException("`--claim`: name the persistent volume claim that holds "
            + $"this working directory ({_here}): the pods see it under the same path");
        if (!Path.GetFullPath(folder.Root).StartsWith(_here + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new UserException($"{folder.Root}: lies outside the working directory ({_here}), which is all that "
                + "the pods see; start from a folder above the grid's");
        if (request.Threads is < 1)
            throw new UserException($"`--threads {request.Threads}`: at least one is needed");
    }

    /// <summary>What tells this grid's jobs from those of others, wherever they are seen from.</summary>
    public static string IdentityOf(GridFolder folder) => ContentHash.ShortOfText(Path.GetFullPath(folder.Root));

    /// <summary>The manifest. A string of JSON is one of YAML.</summary>
    /// <param name="program">The program and its first arguments.</param>
    /// <param name="place">The submission's folder.</param>
    public string Of(IReadOnlyList<string> program, string place, int workers)
    {
        var grid = _folder.Grid().Config.Name;
        var slug = string.Concat(grid.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
        var name = $"grid-{slug[..Math.Min(slug.Length, MostOfName)]}-{IdentityOf(_folder)[..6]}-"
            + Path.GetFileName(place);
        var queue = _request.Queue is { } of ? $"\n    kueue.x-k8s.io/queue-name: {Text(of)}" : "";
        // The image has a dotnet of its own.
        var first = Path.GetFileName(program[0]) == "dotnet" ? "dotnet" : program[0];
        string[] command = [first, .. program.Skip(1), "grid", "work", Path.GetFullPath(_folder.Root), "--threads",
            $"{_request.Threads ?? 1}"];
        return $$"""
            # Workers of a grid, as `pretrainbench grid launch` wrote them; `kubectl apply -f` takes this file.
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {{Text(name)}}
              labels:
                app.kubernetes.io/name: pretrainbench
                {{GridLabel}}: {{Text(IdentityOf(_folder))}}{{queue}}
            spec:
              completionMode: Indexed
              completions: {{workers}}
              parallelism: {{workers}}
              backoffLimitPerIndex: {{FailuresPerWorker}}
              maxFailedIndexes: {{workers / 2}}
              podReplacementPolicy: Failed
              podFailurePolicy:
                rules:
                # Pre-emption, drained nodes and lost ones cost nothing.
                - action: Ignore
                  onPodConditions:
                  - type: DisruptionTarget
                    status: "True"
                # Stopped after a checkpoint.
                - action: Ignore
                  onExitCodes: {containerName: worker, operator: In, values: [{{ExitCodes.Preempted}}]}
                # A configuration that cannot work does not work the next time either.
                - action: FailIndex
                  onExitCodes: {containerName: worker, operator: In, values: [{{ExitCodes.Usage}}]}
              template:
                metadata:
                  labels:
                    {{GridLabel}}: {{Text(IdentityOf(_folder))}}
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: {{SecondsForCheckpoint}}
                  containers:
                  - name: worker
                    image: {{Text(_request.Image ?? DefaultImage)}}
                    command: [{{string.Join(", ", command.Select(Text))}}]
                    workingDir: {{Text(_here)}}
                    env:
                    - {name: OMP_NUM_THREADS, value: "{{_request.Threads ?? 1}}"}
                    resources:
                      requests: {cpu: "{{_request.Threads ?? 1}}"}
                      limits: {nvidia.com/gpu: 1}
                    volumeMounts:
                    - {name: work, mountPath: {{Text(_here)}}}
                  volumes:
                  - name: work
                    persistentVolumeClaim: {claimName: {{Text(_claim)}}}

            """;
    }

    private static string Text(string text) => JsonSerializer.Serialize(text, JsonFormat.Line);
}
