namespace PretrainBench.Reports;

/// <summary>Optimizers as their papers write them; tables and configurations write them in many ways.</summary>
internal static class OptimizerNames
{
    private static readonly Dictionary<string, string> Proper = new[]
    {
        "Adafactor", "Adam", "Adam-mini", "AdamW", "Adan", "AdEMAMix", "ADOPT", "Cautious", "Cautious AdamW", "Dion",
        "Kron", "Lion", "MARS", "Mini", "Muon", "NAdamW", "Prodigy", "Schedule-Free AdamW", "Scion", "SGD", "Shampoo",
        "Signum", "SOAP", "Sophia", "Sophia-G",
    }.ToDictionary(Letters);

    /// <summary>The proper name; an unknown one as it stands.</summary>
    public static string Of(string optimizer) => Proper.GetValueOrDefault(Letters(optimizer), optimizer);

    private static string Letters(string name) => new([.. name.ToLowerInvariant().Where(char.IsLetterOrDigit)]);
}
