using PretrainBench.Analysis.Tables;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tests.Tables;

public class RunTableReaderTests
{
    private const string Header = "run,optimizer,n,tokens,loss,status,final\n";

    [Theory]
    [InlineData("a,adamw,1e8,2e9,3.1,diverged,true", "diverged")]
    [InlineData("a,adamw,1e8,2e9,3.1,running,true", "running")]
    [InlineData("a,adamw,1e8,2e9,3.1,FAILED,true", "failed")]
    [InlineData("a,adamw,1e8,2e9,3.1,crashed,true", "crashed")]
    [InlineData("a,adamw,1e8,2e9,3.1,killed,true", "killed")]
    [InlineData("a,adamw,1e8,2e9,3.1,SCHEDULED,true", "running")]
    [InlineData("a,adamw,1e8,2e9,3.1,done,false", "not_final")]
    [InlineData("a,adamw,1e8,2e9,NaN,done,true", "not_a_number")]
    [InlineData("a,adamw,1e8,2e9,inf,done,true", "not_a_number")]
    [InlineData("a,adamw,1e8,2e9,low,done,true", "not_a_number")]
    [InlineData("a,adamw,0,2e9,3.1,done,true", "not_positive")]
    [InlineData("a,adamw,1e8,-2e9,3.1,done,true", "not_positive")]
    [InlineData("a,adamw,1e8,2e9,,done,true", "missing")]
    [InlineData("a,adamw,1e8,2e9,1e300,done,true", "impossible")]
    [InlineData("a,adamw,1e8,2e9,5e-324,done,true", "impossible")]
    [InlineData("a,adamw,0.1,2e9,3.1,done,true", "impossible")]
    [InlineData("a,adamw,1e8,1e300,3.1,done,true", "impossible")]
    [InlineData("good,adamw,1e8,2e9,3.1,done,true", "duplicate")]
    public void A_row_that_cannot_be_fitted_is_listed_with_its_reason(string row, string code)
    {
        var table = RunTableReader.Parse(Header + "good,adamw,1e8,2e9,3.0,done,true\n" + row + "\n");
        Assert.Single(table.Rows);
        var excluded = Assert.Single(table.Excluded);
        Assert.Equal(code, excluded.Code);
        Assert.Equal(3, excluded.Line);
    }

    [Fact]
    public void Tokens_follow_from_compute_where_they_are_missing()
    {
        var table =
            RunTableReader.Parse("params,compute,loss\n100,1.2e6,3\n", ColumnMapping.Parse(["N=params", "C=compute"]));
        Assert.Equal(1.2e6 / 600, table.Rows[0].D);
        Assert.Equal("all", table.Rows[0].Optimizer);
    }

    [Theory]
    [InlineData("n,tokens\n1,2\n", "loss")]
    [InlineData("tokens,loss\n1,2\n", "--map N=")]
    [InlineData("n,loss\n1,2\n", "--map D=")]
    [InlineData("", "empty")]
    [InlineData("n,tokens,loss\n1,2,nan\n", "no run can be fitted")]
    [InlineData("n,n,loss\n1,2,3\n", "appears 2 times")]
    [InlineData("n,tokens,loss\n1,2,3,4\n", "table:2: 4 cells")]
    [InlineData("n,tokens,loss\n1,2,3\n\"1,2,3\n4,5,6\n", "table:3: a quote is opened")]
    [InlineData("n,tokens,\"loss\n1,2,3\n", "table:1: a quote is opened")]
    public void A_table_without_what_is_needed_says_so(string csv, string expected)
        => Assert.Contains(expected, Assert.Throws<UserException>(() => RunTableReader.Parse(csv)).Message);

    [Theory]
    [InlineData("N")]
    [InlineData("=x")]
    [InlineData("foo=bar")]
    public void A_mapping_that_means_nothing_is_refused(string map)
        => Assert.Throws<UserException>(() => ColumnMapping.Parse([map]));

    [Fact]
    public void A_mapped_column_that_is_absent_is_named_with_those_present()
    {
        var error = Assert.Throws<UserException>(
            () => RunTableReader.Parse("n,tokens,loss\n1,2,3\n", ColumnMapping.Parse(["N=width"])));
        Assert.Contains("`width`", error.Message);
        Assert.Contains("n, tokens, loss", error.Message);
    }

    [Fact]
    public void Quoted_cells_keep_separators_and_line_breaks_and_lines_are_counted()
    {
        var table = RunTableReader.Parse("run,n,tokens,loss\r\n\"a, \"\"b\"\"\nc\",1,2,3\r\n\r\nd,1,2,4\r\n");
        Assert.Equal("a, \"b\"\nc", table.Rows[0].Run);
        Assert.Equal(2, table.Rows[0].Line);
        Assert.Equal(5, table.Rows[1].Line);
    }

    [Theory]
    [InlineData(',')]
    [InlineData(';')]
    [InlineData('\t')]
    public void What_separates_cells_is_seen(char separator)
    {
        var table = RunTableReader.Parse("optimizer,n,tokens,loss\nmuon,1e8,2e9,3.5\n".Replace(',', separator));
        Assert.Equal(("muon", 1e8, 2e9, 3.5),
            (table.Rows[0].Optimizer, table.Rows[0].N, table.Rows[0].D, table.Rows[0].Loss));
    }

    [Fact]
    public void A_tab_separates_cells_of_a_tsv_file_whatever_the_names_hold()
    {
        var path = Path.Combine(Path.GetTempPath(), $"pretrainbench-{Guid.NewGuid():N}.tsv");
        try
        {
            File.WriteAllText(path, "run, of, all, runs\tn\ttokens\tloss\na\t1\t2\t3\n");
            Assert.Equal(3, RunTableReader.Read(path).Rows[0].Loss);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_quote_that_swallows_a_large_file_is_a_message()
        => Assert.Contains("quote", Assert.Throws<UserException>(
            () => RunTableReader.Parse("n,tokens,loss\n\""
                + string.Concat(Enumerable.Repeat("1,2,3\n", 3_000_000)))).Message);

    [Theory]
    [InlineData("N", "D", "C", "L")]
    [InlineData("params", "train_tokens", "train_flops", "final_loss")]
    [InlineData("parameters", "training_tokens", "training_flops", "val_loss")]
    public void Usual_names_of_columns_are_recognised_and_told(string n, string tokens, string flops, string loss)
    {
        var table = RunTableReader.Parse($"{n},{tokens},{flops},{loss}\n100,2e3,1.2e6,3\n");
        Assert.Equal((100, 2e3, 1.2e6, 3), (table.Rows[0].N, table.Rows[0].D, table.Rows[0].Flops, table.Rows[0].Loss));
        Assert.Equal((n, tokens, flops, loss),
            (table.Columns["n"], table.Columns["tokens"], table.Columns["flops"], table.Columns["loss"]));
    }

    [Theory]
    [InlineData("Model Params,Tokens Seen,val/loss")]
    [InlineData("params.num_params,metrics.tokens_seen,metrics.val_loss")]
    [InlineData("config.model_params,summary.tokens_seen,summary.final_val_loss")]
    public void Names_are_recognised_as_trackers_of_experiments_write_them(string names)
    {
        var row = Assert.Single(RunTableReader.Parse($"{names}\n124M,2.5B,3\n").Rows);
        Assert.Equal((124e6, 2.5e9, 3), (row.N, row.D, row.Loss));
    }

    [Fact]
    public void A_letter_is_a_symbol_of_the_laws_only_as_it_is_written_there()
        => Assert.Contains("--map D=", Assert.Throws<UserException>(
            () => RunTableReader.Parse("n,d,loss\n1,2,3\n")).Message);

    [Fact]
    public void Beside_a_validation_loss_a_plain_loss_is_that_of_training_and_a_choice_of_columns_is_told()
    {
        var table = RunTableReader.Parse("n,tokens,loss,val_loss\n1e8,2e9,4,3\n");
        Assert.Equal(3, table.Rows[0].Loss);
        var finding = Assert.Single(TableFindings.Of(table), finding => finding.Code == "several-columns");
        Assert.Contains("`val_loss`", finding.Message);
        Assert.Contains("`--map loss=loss`", finding.Message);
        var mapped = RunTableReader.Parse("n,tokens,loss,val_loss\n1e8,2e9,4,3\n", ColumnMapping.Parse(["loss=loss"]));
        Assert.Equal(4, mapped.Rows[0].Loss);
        Assert.DoesNotContain(TableFindings.Of(mapped), finding => finding.Code == "several-columns");
    }

    [Fact]
    public void All_that_a_table_lacks_is_told_at_once_with_the_line_that_names_it()
    {
        var message = Assert.Throws<UserException>(
            () => RunTableReader.Parse("by,Weights (params),seen tokens,cross-entropy\nmuon,1e8,2e9,3\n")).Message;
        Assert.Contains("no column of parameters, of training tokens or FLOPs, of final losses", message);
        Assert.Contains("`--map \"N=Weights (params)\" \"D=seen tokens\" loss=cross-entropy`", message);
    }

    [Fact]
    public void All_columns_that_a_mapping_names_in_vain_are_told_at_once()
    {
        var message = Assert.Throws<UserException>(() => RunTableReader.Parse("n,tokens,loss\n1,2,3\n",
            ColumnMapping.Parse(["N=width", "D=seen"]))).Message;
        Assert.Contains("`width`, `seen`", message);
    }

    [Fact]
    public void Decimal_commas_are_read_where_semicolons_separate()
        => Assert.Equal((3.25, 1e-3), RunTableReader.Parse(
            "optimizer;n;tokens;loss;learning_rate\nmuon;1e8;2e9;3,25;1,0e-3\n").Rows
            .Select(row => (row.Loss, row.LearningRate!.Value)).Single());

    [Fact]
    public void Runs_that_share_a_display_name_are_not_duplicates()
        => Assert.Equal(2, RunTableReader.Parse(
            "Name,optimizer,n,tokens,loss\nmine,muon,1e8,2e9,3\nmine,muon,1e8,2e9,3.1\n").Rows.Count);

    [Fact]
    public void A_missing_file_and_a_folder_are_messages()
    {
        Assert.Contains("no such file", Assert.Throws<UserException>(() => RunTableReader.Read("nowhere.csv")).Message);
        Assert.Contains("folder",
            Assert.Throws<UserException>(() => RunTableReader.Read(AppContext.BaseDirectory)).Message);
    }

    [Fact]
    public void Real_tables_are_read_whole()
    {
        Assert.Equal(245, Fixtures.Chinchilla().Rows.Count);
        Assert.Equal(36, Fixtures.AdamWMuon().Rows.Count);
        Assert.Equal(["130m", "300m", "520m", "1.2b"], Fixtures.AdamWMuon().Sizes);
    }
}
