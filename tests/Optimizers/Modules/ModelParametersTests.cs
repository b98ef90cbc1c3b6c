using PretrainBench.Core;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Modules;

public class ModelParametersTests
{
    [Fact]
    public void Roles_follow_from_the_layers()
    {
        using var model = new StrangersModel();
        Assert.Equal(new Dictionary<string, ParameterRole>
        {
            ["tokens.weight"] = ParameterRole.Embedding,
            ["positions"] = ParameterRole.HiddenMatrix,
            ["attention.in_proj_weight"] = ParameterRole.HiddenMatrix,
            ["attention.out_proj.weight"] = ParameterRole.HiddenMatrix,
            ["norm.weight"] = ParameterRole.Norm,
            ["norm.bias"] = ParameterRole.Bias,
            ["layers.0.weight"] = ParameterRole.HiddenMatrix,
            ["layers.0.bias"] = ParameterRole.Bias,
            ["layers.2.weight"] = ParameterRole.HiddenMatrix,
            ["layers.2.bias"] = ParameterRole.Bias,
            ["filter.weight"] = ParameterRole.HiddenMatrix,
            ["filter.bias"] = ParameterRole.Bias,
            ["gain"] = ParameterRole.Norm,
            ["head.weight"] = ParameterRole.Head,
        }, ModelParameters.Of(model).ToDictionary(parameter => parameter.Name, parameter => parameter.Role));
        Assert.Equal("attention.in_proj_weight",
            Assert.Single(ModelParameters.Of(model), parameter => parameter.RowBlocks == 3).Name);
    }

    [Fact]
    public void A_shared_matrix_is_one_parameter_and_an_embedding()
    {
        using var model = new StrangersModel(tied: true);
        var parameters = ModelParameters.Of(model);
        Assert.Equal(13, parameters.Count);
        var embedding = Assert.Single(parameters, parameter => parameter.Role == ParameterRole.Embedding);
        Assert.Equal([10, 8], embedding.Value.shape);
        Assert.DoesNotContain(parameters, parameter => parameter.Role == ParameterRole.Head);
    }

    [Fact]
    public void What_is_said_of_a_parameter_wins_over_the_guess()
    {
        using var model = new StrangersModel();
        var parameters = ModelParameters.Of(model, (name, value) =>
            name == "positions" && value.shape is [5, 8] ? ParameterRole.Embedding : null);
        Assert.Equal(["positions", "tokens.weight"], parameters
            .Where(parameter => parameter.Role == ParameterRole.Embedding).Select(parameter => parameter.Name).Order());
    }

    [Fact]
    public void What_is_frozen_is_left_out_and_nothing_at_all_is_an_error()
    {
        using var model = new StrangersModel(frozen: true);
        Assert.DoesNotContain(ModelParameters.Of(model),
            parameter => parameter.Name.StartsWith("layers", StringComparison.Ordinal));
        using var empty = nn.Sequential(nn.GELU());
        Assert.StartsWith("`Sequential` has no trainable parameters",
            Assert.Throws<UserException>(() => ModelParameters.Of(empty)).Message, StringComparison.Ordinal);
    }
}
