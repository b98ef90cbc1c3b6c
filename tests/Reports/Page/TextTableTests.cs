using PretrainBench.Reports.Page;

namespace PretrainBench.Reports.Tests.Page;

public class TextTableTests
{
    [Fact]
    public void Words_stand_left_numbers_right_and_no_line_ends_in_spaces()
    {
        ReportTable table = new(ReportTable.Words("law"), ReportTable.Numbers("MSE"), ReportTable.Words("note"))
        {
            Caption = "Errors",
        };
        table.Add("shared", "6.5e-5", "").Add("per optimizer", "0.00021", "worse");
        string expected =
            """
            Errors
            law                MSE  note
            -------------  -------  -----
            shared          6.5e-5
            per optimizer  0.00021  worse

            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), TextTable.Write(table));
    }

    [Fact]
    public void Accents_do_not_shift_columns()
    {
        ReportTable table = new(ReportTable.Words("é"), ReportTable.Words("x"));
        table.Add("e\u0301e", "1");
        Assert.Equal("é   x\n--  -\ne\u0301e  1\n", TextTable.Write(table));
    }
}
