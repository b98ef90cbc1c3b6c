using System.Buffers.Binary;
using System.Text;

namespace PretrainBench.Data.Tests.Sources;

public sealed class TokenFormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("t.bin", "bare", 2)]
    [InlineData("t.bin", "bare", 4)]
    [InlineData("t.bin", "llm.c", 2)]
    [InlineData("t.bin", "llm.c", 4)]
    [InlineData("t.npy", "bare", 2)]
    [InlineData("t.npy", "bare", 4)]
    [InlineData("t.npy", "numpy1", 2)]
    [InlineData("t.npy", "numpy2", 4)]
    public void Shards_of_others_become_the_dataset_that_their_text_became(string name, string form, int width)
    {
        var fromText = FromText(out var tokens);
        var path = _folder.Write($"others/{name}", Form(form, width, tokens));
        var manifest = Prepare(path, width);
        Assert.Equal(fromText.Fingerprint, manifest.Fingerprint);
        Assert.Equal((fromText.Train.TextBytes, fromText.Validation.TextBytes, fromText.Train.Documents),
            (manifest.Train.TextBytes, manifest.Validation.TextBytes, manifest.Train.Documents));
    }

    [Fact]
    public void A_separator_may_stand_before_documents_or_be_another_token()
    {
        var fromText = FromText(out var tokens);
        var before = tokens[..^1].Prepend(299).ToArray();
        Assert.Equal(fromText.Fingerprint,
            Prepare(_folder.Write("before.bin", Form("llm.c", 2, before)), null).Fingerprint);
        int[] other = [.. before.Select(id => id == 299 ? 60_000 : id)];
        var path = _folder.Write("other.bin", Form("llm.c", 2, other));
        Assert.Equal(fromText.Fingerprint, Prepare(path, null, endOfTextId: 60_000).Fingerprint);
        Assert.Contains($"{path}: token 60000 at position 0 is not in the vocabulary of 300",
            Failure(() => Prepare(path, null)), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, byte[], int?> Refused() => new()
    {
        { "a.bin", "has no header that says how wide a token is; give `token_bytes=2`", Bare(2, 1, 2, 3), null },
        { "a.bin", "it has 5 bytes; 3 tokens of 2 bytes from byte 0 on make 6: cut off", Bare(2, 1, 2, 3)[..5], 2 },
        { "a.bin", "every other number of 2 bytes is zero: its tokens have 4; give `token_bytes=4`",
            Bare(4, [.. Enumerable.Range(0, 20)]), 2 },
        { "a.bin", "token 131073 at position 0 is not in the vocabulary of 300; name the tokenizer that made the file, "
            + "or the other `token_bytes`", Bare(2, 1, 2, 3, 4), 4 },
        { "a.bin", "it has 1028 bytes; 3 tokens of 2 bytes from byte 1024 on make 1030",
            Form("llm.c", 2, 1, 2, 3)[..^2], null },
        { "a.bin", "it has 1032 bytes; 3 tokens", [.. Form("llm.c", 2, 1, 2, 3), 0, 0], null },
        { "a.bin", "version 9 of llm.c's kind 20240520 is not known", Llmc(20240520, 9, 0), null },
        { "a.npy", "token 301 at position 2 is not in the vocabulary of 300; name the tokenizer",
            Form("numpy1", 2, 1, 2, 301), null },
        { "a.npy", "it has 139 bytes; 3 tokens of 4 bytes from byte 128 on make 140: cut off",
            Form("numpy1", 4, 1, 2, 3)[..^1], null },
        { "a.npy", "holds NumPy's `<f4`", Numpy(1, "<f4", "(3,)"), null },
        { "a.npy", "its NumPy header says no shape", Numpy(1, "<u2", "(3, 4)"), null },
        { "a.npy", "its NumPy header says no shape", Numpy(1, "<u2", "(3,)")[..50], null },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_wrong_is_named_with_its_place_and_cure(string name, string problem, byte[] bytes, int? width)
    {
        FromText(out _);
        var path = _folder.Write(name, bytes);
        Assert.Contains($"{path}: {problem}", Failure(() => Prepare(path, width)), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_tokenizer_tokens_are_refused()
    {
        var path = _folder.Write("a.bin", Bare(2, 1, 2));
        var config = new PrepareConfig { Source = [path], TokenBytes = 2 };
        Assert.Contains("name the tokenizer that made them with `tokenizer=FOLDER`",
            Failure(() => DataPreparation.Prepare(config, _folder["out"])), StringComparison.Ordinal);
    }

    private DatasetManifest FromText(out int[] tokens)
    {
        var corpus = _folder.Write("corpus.jsonl", MadeUpText.JsonLines(MadeUpText.Documents(1, 200)));
        var manifest = DataPreparation.Prepare(
            new() { Source = [corpus], VocabularySize = 300, ValidationFraction = 0.1 }, _folder["text"]);
        var tokenizer = TextTokenizer.Load(_folder["text/tokenizer"]);
        tokens = [.. MadeUpText.Documents(1, 200).SelectMany(text => tokenizer.Encode(text).Append(299))];
        return manifest;
    }

    private DatasetManifest Prepare(string path, int? width, int? endOfTextId = null)
        => DataPreparation.Prepare(
            new()
            {
                Source = [path],
                Tokenizer = _folder["text/tokenizer"],
                TokenBytes = width,
                EndOfTextId = endOfTextId,
                ValidationFraction = 0.1,
            }, _folder[$"{Path.GetFileName(path)}-{endOfTextId}"]);

    private static string Failure(Action action) => Assert.Throws<UserException>(action).Message;

    private static byte[] Form(string form, int width, params int[] tokens)
        => form switch
        {
            "llm.c" when width == 2 => [.. Llmc(20240520, 1, tokens.Length), .. Bare(2, tokens)],
            "llm.c" => [.. Llmc(20240801, 7, tokens.Length), .. Bare(4, tokens)],
            "numpy1" => [.. Numpy(1, $"<u{width}", $"({tokens.Length},)"), .. Bare(width, tokens)],
            "numpy2" => [.. Numpy(2, $"<u{width}", $"({tokens.Length},)"), .. Bare(width, tokens)],
            _ => Bare(width, tokens),
        };

    private static byte[] Bare(int width, params int[] tokens)
        => [.. tokens.SelectMany(token => BitConverter.GetBytes(token)[..width])];

    private static byte[] Llmc(params int[] start)
    {
        var header = new byte[1024];
        for (var i = 0; i < 3; i++) BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4 * i), start[i]);
        return header;
    }

    // As numpy.save writes it: padded with spaces so that the data begin at a multiple of 64.
    private static byte[] Numpy(byte version, string type, string shape)
    {
        var length = 128 - (version == 1 ? 10 : 12);
        var text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}".PadRight(length - 1) + "\n";
        return [0x93, .. "NUMPY"u8, version, 0, .. BitConverter.GetBytes(length)[..(version == 1 ? 2 : 4)],
            .. Encoding.ASCII.GetBytes(text)];
    }
}
