namespace TorchSharp.Utils;

/// <summary>The name a field is registered under, instead of its own.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public class ComponentNameAttribute : Attribute
{
    public string Name { get; set; } = "";
}
