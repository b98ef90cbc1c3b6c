using PretrainBench.Core;
using PretrainBench.Data;

namespace PretrainBench.Cli.Shell;

/// <summary>A dataset in words.</summary>
internal static class DatasetText
{
    /// <summary>A few lines about a dataset.</summary>
    public static string Of(string folder, DatasetManifest manifest)
    {
        var (train, held) = (manifest.Train, manifest.Validation);
        var bytesPerToken = (double)train.TextBytes / train.Tokens;
        var bytes = Quantity.Bytes(train.TextBytes);
        var tokenizer = manifest.TokenizerHash[..12];
        return $"""
            dataset      {folder}
            source       {manifest.SourceName}
            training     {train.Documents:N0} documents, {Quantity.Count(train.Tokens)} tokens, {bytes} of text
            validation   {held.Documents:N0} documents, {Quantity.Count(held.Tokens)} tokens ({manifest.ValidationRule})
            tokenizer    {manifest.VocabularySize:N0} tokens, {bytesPerToken:0.00} bytes a token, {tokenizer}
            fingerprint  {manifest.Fingerprint[..12]}
            """;
    }
}
