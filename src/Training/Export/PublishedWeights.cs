using System.Text.Json;
using PretrainBench.Torch;

namespace PretrainBench.Training.Export;

/// <summary>Reads a published model's tensors, from one file or from several.</summary>
internal static class PublishedWeights
{
    public const string FileName = "model.safetensors";

    private const string IndexName = FileName + ".index.json";
    private const int MostIndexBytes = 1 << 26;

    /// <summary>The tensors under our names, in the types that they are stored in; the caller's scope disposes
    /// them.</summary>
    /// <exception cref="UserException">A file is missing or damaged, or is not of such a model.</exception>
    public static Dictionary<string, Tensor> Read(string folder, PublishedConfig config, ModelShape shape)
    {
        var published = Files(folder).SelectMany(ReadFile)
            // Of older files: no weight, but the positions' frequencies.
            .Where(pair => !pair.Key.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal))
            .GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.First().Value);
        if (shape.TiedEmbeddings && published.Remove(PublishedName.Head, out var head)
            && !(published.TryGetValue(PublishedName.Embedding, out var embedding) && head.Equals(embedding)))
            throw new UserException($"{folder}: `{PublishedName.Head}` is not the embedding that it is tied to");
        var own = new Dictionary<string, Tensor>();
        foreach (var name in PublishedName.Of(shape))
        {
            if (!published.Remove(name.Published, out var tensor))
                throw new UserException($"{folder}: `{name.Published}` is missing");
            if (name.Own.Contains(".attention.key", StringComparison.Ordinal)
                || name.Own.EndsWith(".attention.value", StringComparison.Ordinal))
                tensor = ForEveryQuery(tensor, config, shape);
            if (!tensor.shape.SequenceEqual(name.Shape))
                throw new UserException($"{folder}: `{name.Published}` is [{string.Join(", ", tensor.shape)}], and by "
                    + $"{PublishedConfig.FileName} it must be [{string.Join(", ", name.Shape)}]");
            if (!tensor.is_floating_point() || tensor.dtype == ScalarType.Float64)
                throw new UserException($"{folder}: `{name.Published}` has numbers of the type {tensor.dtype}; "
                    + "convert the model to bf16, fp16 or fp32");
            own[name.Own] = tensor;
        }
        return published.Keys.Order().FirstOrDefault() is not { } surplus ? own
            : throw new UserException($"{folder}: `{PlainText.Of(surplus)}` is no tensor that such a model has");
    }

    // Query heads that share a key have one each instead, which is the same: the mean square over all of them too, by
    // which OLMo 2 normalises keys.
    private static Tensor ForEveryQuery(Tensor tensor, PublishedConfig config, ModelShape shape)
        => config.QueriesPerKey == 1 || tensor.shape[0] * config.QueriesPerKey != shape.Width ? tensor
            : tensor.unflatten(0, -1, shape.HeadDimension).repeat_interleave(config.QueriesPerKey, 0).flatten(0, 1);

    private static IEnumerable<string> Files(string folder)
    {
        var (single, index) = (Path.Combine(folder, FileName), Path.Combine(folder, IndexName));
        if (File.Exists(single)) return [single];
        if (!File.Exists(index))
            throw new UserException($"{folder}: holds no `{FileName}` and no `{IndexName}`");
        try
        {
            var parts = JsonSerializer.Deserialize<Index>(PlainFile.ReadText(index, MostIndexBytes), JsonFormat.Line);
            return [.. (parts ?? throw new JsonException("it is null")).WeightMap.Values.Distinct().Order()
                .Select(name => ConfinedPath.IsName(name) ? Path.Combine(folder, name)
                    : throw new UserException($"{index}: `{PlainText.Of(name)}` is no file of this folder"))];
        }
        catch (JsonException e)
        {
            throw new UserException($"{index}: {JsonFormat.Problem(e)}", inner: e);
        }
    }

    private static Dictionary<string, Tensor> ReadFile(string path)
    {
        PlainFile.RequireReadable(path);
        try
        {
            using var stream = File.OpenRead(path);
            return SafetensorsFile.Read(stream);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: cannot be read: {e.Message}", inner: e);
        }
    }

    private sealed record Index(IReadOnlyDictionary<string, string> WeightMap);
}
