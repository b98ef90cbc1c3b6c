namespace PretrainBench.Data;

/// <summary>How a source's files are read.</summary>
/// <param name="TextField">The field (JSON lines) or column (Parquet) that holds the text.</param>
/// <param name="Tokenizer">What made the tokens of files that hold tokens.</param>
/// <param name="TokenBytes">How wide those are where no header says it.</param>
/// <param name="EndOfTextId">What stands between their documents, if not the tokenizer's separator.</param>
internal sealed record SourceReading(
    string TextField, TextTokenizer? Tokenizer = null, int? TokenBytes = null, int? EndOfTextId = null);
