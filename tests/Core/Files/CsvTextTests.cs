using PretrainBench.Core.Files;

namespace PretrainBench.Core.Tests.Files;

public class CsvTextTests
{
    [Fact]
    public void Cells_are_quoted_where_they_must_be_and_numbers_keep_every_digit()
        => Assert.Equal("a;b\n\"x;\"\"y\"\"\";1,5\n0.30000000000000004;true\n6.5e-5;\n", CsvText.Write(
            ["a", "b"], [["x;\"y\"", "1,5"], [0.1 + 0.2, true], [6.5e-5, null]], ';'));
}
