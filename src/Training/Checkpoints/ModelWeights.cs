namespace PretrainBench.Training.Checkpoints;

/// <summary>Puts saved weights into a model.</summary>
internal static class ModelWeights
{
    /// <summary>Copies weights into a model of the same shape; nothing is changed unless everything fits.</summary>
    /// <param name="weights">Tensors by name.</param>
    /// <param name="source">Where they come from, for errors.</param>
    /// <exception cref="UserException">The weights are of another model.</exception>
    public static void Load(Decoder model, IReadOnlyDictionary<string, Tensor> weights, string source)
    {
        using var recording = no_grad();
        var problems = new List<string>();
        foreach (var parameter in model.Parameters)
        {
            if (!weights.TryGetValue(parameter.Name, out var saved)) problems.Add($"`{parameter.Name}` is missing");
            else if (!saved.shape.SequenceEqual(parameter.Value.shape))
                problems.Add($"`{parameter.Name}` is [{string.Join(", ", saved.shape)}], "
                    + $"the model has [{string.Join(", ", parameter.Value.shape)}]");
        }
        var known = model.Parameters.Select(parameter => parameter.Name);
        problems.AddRange(weights.Keys.Except(known).Select(name => $"`{name}` is not in the model"));
        if (problems.Count > 0)
            throw new UserException($"{source}: these are weights of another model:"
                + string.Concat(problems.Take(5).Select(problem => $"\n  {problem}"))
                + (problems.Count > 5 ? $"\n  and {problems.Count - 5} more" : "")
                + "\nuse the configuration that they were trained with");
        foreach (var parameter in model.Parameters) parameter.Value.copy_(weights[parameter.Name]);
    }
}
