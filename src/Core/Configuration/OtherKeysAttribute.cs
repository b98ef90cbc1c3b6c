namespace PretrainBench.Core.Configuration;

/// <summary>Marks the <see cref="ConfigMapping"/> that takes the keys which no other property has.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OtherKeysAttribute : Attribute;
