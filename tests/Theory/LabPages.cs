namespace PretrainBench.Theory.Tests;

/// <summary>What every lab's page must be.</summary>
internal static class LabPages
{
    /// <summary>The page has figures, and refers to nothing outside itself.</summary>
    public static void StandsAlone(string html)
    {
        string own = html[..html.IndexOf("<script>", StringComparison.Ordinal)];
        Assert.Contains("<script type=\"application/json\">{\"data\":[{", own, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", own, StringComparison.Ordinal);
        Assert.DoesNotContain("http:", own, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", own, StringComparison.Ordinal);
    }
}
