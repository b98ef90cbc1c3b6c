using System.Security.Cryptography;
using static System.FormattableString;

namespace PretrainBench.Data;

/// <summary>Where texts come from: the default corpus, or files of the user's. Can be read any number of times, always
/// in the same order.</summary>
internal sealed class DocumentSource
{
    private readonly SourceReading _reading;

    private DocumentSource(string name, IReadOnlyList<string> files, SourceReading reading)
        => (Name, Files, _reading) = (name, files, reading);

    public string Name { get; }

    /// <summary>In the order in which they are read.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The size of all files, in bytes (compressed where they are compressed).</summary>
    public long FileBytes => Files.Sum(file => new FileInfo(file).Length);

    private bool IsDotnetDocs => Name == DotnetDocs.Name;

    /// <summary>Finds a source's files.</summary>
    /// <param name="names"><c>dotnet-docs</c> alone, or files, folders and patterns.</param>
    /// <exception cref="UserException">Something named does not exist or cannot be read.</exception>
    public static DocumentSource Open(IReadOnlyList<string> names, SourceReading reading)
    {
        if (names is [DotnetDocs.Name]) return new DocumentSource(DotnetDocs.Name, DotnetDocs.Files(), reading);
        if (names.Contains(DotnetDocs.Name))
            throw new UserException($"source: `{DotnetDocs.Name}` cannot be mixed with files; name either alone");
        return new DocumentSource(string.Join(", ", names), SourceFiles.Resolve(names), reading);
    }

    /// <summary>Divides a folder's files when its owner has set some aside by their names (val, valid, validation): the
    /// source without those files, and those files; null for the latter when there are none, or nothing else.</summary>
    public (DocumentSource Training, DocumentSource? Validation) SetAside()
    {
        var named = IsDotnetDocs ? [] : Files.Where(SourceFiles.IsNamedValidation).ToList();
        return named.Count == 0 || named.Count == Files.Count
            ? (this, null)
            : (new DocumentSource(Name, [.. Files.Except(named)], _reading),
                new DocumentSource($"{Name} (files named validation)", named, _reading));
    }

    /// <summary>Reads all documents. The default corpus gives each distinct text once, in the order of the texts'
    /// hashes: in the order of the files, neighbours are overloads that repeat each other, which helps training and
    /// never the held-out texts.</summary>
    /// <exception cref="UserException">A file is missing, damaged, or has a bad line.</exception>
    public IEnumerable<Document> Read(ReadCounter? counter = null)
    {
        counter ??= new ReadCounter();
        return Parts().SelectMany(part => part.Read(counter));
    }

    /// <summary>The parts that can be read apart, in their order: the files, or all of the default corpus.</summary>
    public IEnumerable<SourcePart> Parts()
        => IsDotnetDocs
            ? [new SourcePart(ReadDistinct, FileBytes)]
            : Files.Select(file => new SourcePart(
                counter => SourceFiles.FormatOf(file, _reading).Read(file, counter), new FileInfo(file).Length));

    /// <summary>A hash of the files' contents in their order and of how they are read; their names and places do not
    /// matter.</summary>
    public string Hash()
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        whole.AppendData(Encoding.UTF8.GetBytes(IsDotnetDocs ? DotnetDocs.Name : _reading.TextField));
        if (Files.Any(SourceFiles.HoldsTokens))
            whole.AppendData(Encoding.UTF8.GetBytes(Invariant($"{_reading.TokenBytes} {_reading.EndOfTextId}")));
        foreach (var file in Files)
        {
            whole.AppendData(Encoding.UTF8.GetBytes(SourceFiles.EndingOf(file) ?? ""));
            using var stream = new ReadCounter().Open(file);
            whole.AppendData(SHA256.HashData(stream));
        }
        return Convert.ToHexStringLower(whole.GetHashAndReset());
    }

    private IEnumerable<Document> ReadDistinct(ReadCounter counter)
    {
        var format = new DotnetDocsFormat();
        return Files.SelectMany(file => format.Read(file, counter))
            .DistinctBy(document => document.Text, StringComparer.Ordinal)
            .OrderBy(document => HeldOut.KeyOf(document.Utf8()))
            .ThenBy(document => document.Text, StringComparer.Ordinal);
    }
}

/// <summary>What of a source can be read apart from the rest.</summary>
/// <param name="Read">Gives its documents.</param>
/// <param name="FileBytes">The size of its files.</param>
internal sealed record SourcePart(Func<ReadCounter, IEnumerable<Document>> Read, long FileBytes);
