namespace PretrainBench.Models;

/// <summary>Makes a decoder's parameters and keeps them, in the order in which they were asked for.</summary>
internal sealed class ParameterStore(ModelShape shape, ParameterInitialization initialization)
{
    private readonly List<ModelParameter<Tensor>> _parameters = [];

    /// <summary>Everything made so far.</summary>
    public IReadOnlyList<ModelParameter<Tensor>> Parameters => _parameters;

    /// <summary>A hidden matrix [rows, columns]; for queries and keys with the rows of a head.</summary>
    public Tensor Matrix(string name, int rows, int columns, int rowsPerHead = 1)
        => Add(name, ParameterRole.HiddenMatrix, initialization.Normal(name, rows, columns, shape.InitDeviation), rowsPerHead);

    /// <summary>The token embedding [vocabulary, width].</summary>
    public Tensor Embedding(string name)
        => Add(name, ParameterRole.Embedding, initialization.Normal(name, shape.VocabularySize, shape.Width,
            shape.TiedEmbeddings ? ParameterInitialization.HeadDeviation(shape) : shape.EmbeddingDeviation));

    /// <summary>The output projection [vocabulary, width].</summary>
    public Tensor Head(string name)
        => Add(name, ParameterRole.Head, initialization.Normal(name, shape.VocabularySize, shape.Width,
            ParameterInitialization.HeadDeviation(shape)));

    /// <summary>The gain of a norm [width].</summary>
    public Tensor Gain(string name, int width) => Add(name, ParameterRole.Norm, initialization.Gain(width));

    private Tensor Add(string name, ParameterRole role, Tensor value, int rowsPerHead = 1)
    {
        _parameters.Add(new ModelParameter<Tensor>(name, role, value.DetachFromDisposeScope(), RowsPerHead: rowsPerHead));
        return value;
    }
}
