using PretrainBench.Core;
using PretrainBench.Data;

namespace PretrainBench.Cli.Shell;

/// <summary>A dataset in words.</summary>
internal static class DatasetText
{
    /// <summary>A few lines about a dataset.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="manifest">Its manifest.</param>
    public static string Of(string folder, DatasetManifest manifest)
    {
        var bytesPerToken = (double)manifest.Train.TextBytes / manifest.Train.Tokens;
        return $"""
            dataset      {folder}
            source       {manifest.SourceName}
            training     {manifest.Train.Documents:N0} documents, {Quantity.Count(manifest.Train.Tokens)} tokens, {Quantity.Bytes(manifest.Train.TextBytes)} of text
            validation   {manifest.Validation.Documents:N0} documents, {Quantity.Count(manifest.Validation.Tokens)} tokens ({manifest.ValidationRule})
            tokenizer    {manifest.VocabularySize:N0} tokens, {bytesPerToken:0.00} bytes a token, {manifest.TokenizerHash[..12]}
            fingerprint  {manifest.Fingerprint[..12]}
            """;
    }
}
