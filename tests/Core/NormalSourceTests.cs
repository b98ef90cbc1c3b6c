namespace PretrainBench.Core.Tests;

public class NormalSourceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Normals_have_the_moments_of_a_normal(bool narrowNumbers)
    {
        const int Count = 1 << 20;
        var values = new double[Count];
        var source = new NormalSource(5, "test");
        if (narrowNumbers)
        {
            var narrow = new float[Count];
            source.Fill(narrow);
            values = Array.ConvertAll(narrow, v => (double)v);
        }
        else
        {
            source.Fill(values);
        }

        // Standard errors at n = 2^20: 1e-3, 1.4e-3, 3.8e-3, 9.6e-3; five of each.
        Assert.Equal(0, values.Average(), 5e-3);
        Assert.Equal(1, values.Average(v => v * v), 7e-3);
        Assert.Equal(0, values.Average(v => v * v * v), 2e-2);
        Assert.Equal(3, values.Average(v => v * v * v * v), 5e-2);
        Assert.Equal(0, values.Zip(values.Skip(1)).Average(p => p.First * p.Second), 5e-3);
        Assert.Equal(0, values.Zip(values.Skip(16)).Average(p => p.First * p.Second), 5e-3);
        Assert.Equal(0.0455, values.Count(v => Math.Abs(v) > 2) / (double)Count, 1e-3);
    }

    [Fact]
    public void A_source_depends_on_seed_purpose_and_index_alone()
    {
        double[] first = new NormalSource(1, "a", 3).Normals(37);
        Assert.Equal(first, new NormalSource(1, "a", 3).Normals(37));
        Assert.NotEqual(first, new NormalSource(1, "a", 2).Normals(37));
        Assert.NotEqual(first, new NormalSource(1, "b", 3).Normals(37));
        Assert.Equal(first[..16], new NormalSource(1, "a", 3).Normals(16));
    }
}
