using PretrainBench.Core;
using PretrainBench.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers;

/// <summary>The parameters of any TorchSharp module, with roles guessed from its layers.</summary>
public static class ModelParameters
{
    /// <summary>All that is trainable, each tensor once, by its name in <c>named_parameters()</c>. An
    /// <c>Embedding</c>'s matrix is an embedding, also where a <c>Linear</c> shares it; the weight of the last
    /// <c>Linear</c> is the head otherwise; all other matrices are hidden; what is called a bias is one, and other
    /// vectors and all of a normalisation are norms. Move the module first: <c>to</c> replaces parameters.</summary>
    /// <param name="role">The role of a parameter by its name and tensor; null for the guess.</param>
    /// <exception cref="UserException">Nothing is trainable.</exception>
    public static IReadOnlyList<ModelParameter<Tensor>> Of(
        nn.Module module, Func<string, Tensor, ParameterRole?>? role = null)
    {
        var layers = module.named_modules().ToDictionary(child => child.name, child => child.module);
        var places = module.named_parameters().Where(named => named.parameter.requires_grad)
            .Select(named => new Place(named.name, named.parameter, LayerOf(named.name, layers))).ToList();
        if (places.Count == 0)
            throw new UserException($"`{module.GetType().Name}` has no trainable parameters; register them "
                + "(`RegisterComponents()`) and let them require gradients");
        var last = places.FindLast(place => place.Layer is Linear && !place.IsBias);
        return [.. WithoutRepeats(places).Select(shared => new ModelParameter<Tensor>(shared[0].Name,
            role?.Invoke(shared[0].Name, shared[0].Value) ?? Guess(shared, last), shared[0].Value,
            shared[0].Layer is MultiheadAttention && shared[0].OwnName == "in_proj_weight" ? 3 : 1))];
    }

    private static ParameterRole Guess(List<Place> shared, Place? last)
    {
        if (shared[0].IsBias) return ParameterRole.Bias;
        if (shared[0].Value.Dimensions < 2 || shared[0].IsNorm) return ParameterRole.Norm;
        if (shared.Exists(place => place.Layer is Embedding or EmbeddingBag)) return ParameterRole.Embedding;
        return last is not null && shared.Contains(last) ? ParameterRole.Head : ParameterRole.HiddenMatrix;
    }

    // The names of every tensor: a layer that shares another's has an object of its own for it.
    private static List<List<Place>> WithoutRepeats(IEnumerable<Place> places)
    {
        var tensors = new List<List<Place>>();
        foreach (var place in places)
            if (tensors.Find(shared => Operators.IsSame(shared[0].Value, place.Value)) is { } same) same.Add(place);
            else tensors.Add([place]);
        return tensors;
    }

    // Names may have a dot within a layer: `attention.out_proj.weight` is of `attention`.
    private static nn.Module? LayerOf(string name, Dictionary<string, nn.Module> layers)
    {
        for (var end = name.LastIndexOf('.'); end > 0; end = name.LastIndexOf('.', end - 1))
            if (layers.TryGetValue(name[..end], out var layer)) return layer;
        return null;
    }

    /// <summary>A parameter where it stands.</summary>
    /// <param name="Layer">The innermost that has it; null for the module itself.</param>
    private sealed record Place(string Name, Tensor Value, nn.Module? Layer)
    {
        public string OwnName => Name[(Name.LastIndexOf('.') + 1)..];

        public bool IsBias => OwnName.Contains("bias", StringComparison.OrdinalIgnoreCase);

        public bool IsNorm => Layer?.GetType().Name.Contains("Norm", StringComparison.OrdinalIgnoreCase) == true;
    }
}
