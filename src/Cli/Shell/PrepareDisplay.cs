using PretrainBench.Data;

namespace PretrainBench.Cli.Shell;

/// <summary>Shows the stages of preparing data.</summary>
internal static class PrepareDisplay
{
    private static readonly Dictionary<PrepareStage, string> Stages = new()
    {
        [PrepareStage.HashSource] = "looking at the source",
        [PrepareStage.CountPieces] = "reading texts",
        [PrepareStage.LearnMerges] = "learning the tokenizer",
        [PrepareStage.Encode] = "encoding",
    };

    public static T Run<T>(Func<IProgress<PrepareProgress>, T> prepare)
        => ProgressDisplay.Run("data", screen => prepare(new Reporter<PrepareProgress>(progress =>
        {
            // The bar runs once over all stages, so that it never goes backwards.
            var share = progress.Total == 0 ? 0 : (double)progress.Done / progress.Total;
            screen.Report(new ProgressUpdate((int)progress.Stage + share, Stages.Count, Stages[progress.Stage]));
        })));
}
