using System.Globalization;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;

namespace PretrainBench.Analysis.Tests.Tables;

/// <summary>Tables as trackers of experiments export them: fitted with no option.</summary>
public class TrackerExportTests
{
    [Fact]
    public void A_table_from_WandB_is_read_with_its_crashed_runs_set_aside()
    {
        var table = RunTableReader.Parse(
            "\"Name\",\"State\",\"Notes\",\"Tags\",\"optimizer\",\"model_params\",\"tokens_seen\",\"val_loss\","
            + "\"_runtime\"\n"
            + Runs((i, optimizer, n, d, loss) => $"\"run-{i}\",\"finished\",\"-\",\"a, b\",\"{optimizer}\",\"{n}\","
                + $"\"{d}\",\"{loss}\",\"{i + 60}\"\n")
            + "\"x\",\"crashed\",\"-\",\"\",\"muon\",\"1000000\",\"20000000\",\"9\",\"3\"\n"
            + "\"y\",\"killed\",\"-\",\"\",\"muon\",\"1000000\",\"20000000\",\"9\",\"3\"\n");
        Check(table);
        Assert.Equal(("run-0", 60), (table.Rows[0].Run, table.Rows[0].Seconds));
        var left = Assert.Single(TableFindings.Of(table), finding => finding.Code == "rows-left-out");
        Assert.Contains("2 of 18 rows were left out: 1 crashed, 1 killed", left.Message);
    }

    [Fact]
    public void A_table_of_WandBs_interface_for_programs_has_its_settings_in_cells()
    {
        Check(RunTableReader.Parse(",summary,config,name,state\n" + Runs((i, optimizer, n, d, loss) => $"{i},"
            + Quoted($"{{'_runtime': {i + 60}, 'val/loss': {loss}, 'tokens_seen': {d}, '_wandb': {{'runtime': 5}} }}")
            + "," + Quoted($"{{'optimizer': {{'name': '{optimizer}', 'lr': 0.01, 'betas': [0.9, 0.95]}}, "
                + $"'model_params': {{'desc': null, 'value': {n}}} }}") + $",run {i},finished\n")));
        // What Python prints of a dictionary.
        Check(RunTableReader.Parse("summary,config,name\n" + Runs((i, optimizer, n, d, loss)
            => $"\"{{'val_loss': {loss}, 'tokens_seen': {d}, 'note': None}}\",\"{{'optimizer': '{optimizer}', "
                + $"'params': {n}, 'tied': True}}\",run {i}\n")));
    }

    [Fact]
    public void A_table_from_MLflow_is_read()
    {
        Check(RunTableReader.Parse(
            "Start Time,Duration,Run ID,Name,Source Type,Source Name,User,Status,optimizer,num_params,tokens,loss,"
            + "val_loss\n"
            + Runs((i, optimizer, n, d, loss) => $"2026-11-0{1 + i % 9},1.2min,{i:x32},bold-cat-{i},LOCAL,train.py,me,"
                + $"FINISHED,{optimizer},{n},{d},2.5,{loss}\n")));
        var table = RunTableReader.Parse(
            "run_id,experiment_id,status,artifact_uri,start_time,end_time,metrics.val_loss,params.optimizer,"
            + "params.n_params,params.train_tokens,tags.mlflow.runName\n"
            + Runs((i, optimizer, n, d, loss)
                => $"{i:x32},0,FINISHED,file:///x,a,b,{loss},{optimizer},{n},{d},bold-cat-{i}\n"));
        Check(table);
        Assert.Equal($"{0:x32}", table.Rows[0].Run);
    }

    [Fact]
    public void A_cell_in_braces_that_is_no_list_of_settings_stays_a_cell()
        => Assert.Equal("{a: [", RunTableReader.Parse("optimizer,n,tokens,loss\n{a: [,1e8,2e9,3\n").Rows[0].Optimizer);

    private static void Check(RunTable table)
    {
        Assert.Equal(16, table.Rows.Count);
        Assert.Equal(["adamw", "muon"], table.Optimizers);
        Assert.Equal(1.3, Fitter.Fit(table, LawRegistry.Shared).Parameters[1].RhoD, 0.05);
    }

    private static string Quoted(string json) => $"\"{json.Replace("'", "\"\"")}\"";

    private static string Runs(Func<int, string, string, string, string, string> line)
    {
        var text = "";
        var i = 0;
        foreach (var optimizer in new[] { "adamw", "muon" })
            foreach (var n in new[] { 1e6, 4e6, 16e6, 64e6 })
                foreach (var ratio in new[] { 10.0, 40 })
                {
                    var tokens = n * ratio * (optimizer == "muon" ? 1.3 : 1);
                    var loss = 1.8 + 400 * Math.Pow(n, -0.35) + 500 * Math.Pow(tokens, -0.3) + 1e-4 * Math.Sin(i);
                    text += line(i++, optimizer, Text(n), Text(n * ratio), Text(loss));
                }
        return text;
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
