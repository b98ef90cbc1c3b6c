namespace Parquet;

/// <summary>How pages are compressed.</summary>
public enum CompressionMethod
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Snappy.</summary>
    Snappy = 1,

    /// <summary>Gzip.</summary>
    Gzip = 2,

    /// <summary>LZO; not supplied here.</summary>
    Lzo = 3,

    /// <summary>Brotli.</summary>
    Brotli = 4,

    /// <summary>LZ4 as Hadoop frames it; not supplied here.</summary>
    LZ4 = 5,

    /// <summary>Zstandard, by the system's library.</summary>
    Zstd = 6,

    /// <summary>LZ4 blocks; not supplied here.</summary>
    Lz4Raw = 7,
}

/// <summary>Options of readers and writers.</summary>
public class ParquetOptions
{
    /// <summary>How written pages are compressed.</summary>
    public CompressionMethod CompressionMethod { get; set; } = CompressionMethod.Snappy;
}

/// <summary>A file is damaged or cannot be handled.</summary>
public class ParquetException : Exception
{
    /// <summary>Creates an exception.</summary>
    public ParquetException()
    {
    }

    /// <summary>Creates an exception.</summary>
    /// <param name="message">What is wrong.</param>
    public ParquetException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="inner">The cause.</param>
    public ParquetException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>What readers and writers have in common.</summary>
public class ParquetActor
{
    private protected static ReadOnlySpan<byte> Magic => "PAR1"u8;

    private protected ParquetActor()
    {
    }
}
