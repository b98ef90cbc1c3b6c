using PretrainBench.Core.Configuration;

namespace PretrainBench.Core.Tests.Configuration;

public class ConfigMappingTests
{
    [Fact]
    public void Mappings_merge_and_the_originals_stay()
    {
        var below = ConfigFile.Parse("{a: {x: 1, y: 2}, b: 3}", "below");
        var merged = below.Overlay(ConfigFile.Parse("{a: {y: 4}, c: 5}", "top"));
        Assert.Equal("""{"a":{"x":1,"y":4},"b":3,"c":5}""", ConfigWriter.ToCanonicalJson(merged));
        merged.Set("a.x", new ConfigScalar("9", "test"));
        Assert.Equal("""{"a":{"x":1,"y":2},"b":3}""", ConfigWriter.ToCanonicalJson(below));
        Assert.Contains("`b` holds a value",
            Assert.Throws<UserException>(() => below.Set("b.c", new ConfigScalar("1", "test"))).Message);
    }
}
