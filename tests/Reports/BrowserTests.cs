using PretrainBench.Reports.Tests.Page;

namespace PretrainBench.Reports.Tests;

public class BrowserTests
{
    [Theory]
    [InlineData(1200)]
    [InlineData(500)]
    public void The_sample_page_shows_everything_whole_and_apart(int width)
    {
        Browser.Findings found = Browser.Inspect(HtmlPageTests.SamplePage(), width);
        Assert.Equal(5, found.Charts);
        Assert.Empty(found.Console);
        Assert.Equal(0, found.Overflow);
        Assert.Empty(found.Cut);
        Assert.Empty(found.Covered);
        Assert.Empty(found.Requests);
        Assert.Contains(found.Hovers, hover => hover.Contains("muon 1200000000", StringComparison.Ordinal));
        Assert.Equal(6, found.Hidden);
    }
}
