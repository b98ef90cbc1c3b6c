using System.Globalization;

namespace PretrainBench.Data;

/// <summary>Canonical decompositions, compositions and combining classes of the Unicode Character Database.</summary>
internal sealed class UnicodeTables
{
    // Hangul syllables are numbered by leading consonant, vowel and trailing consonant (Unicode Standard, section 3.12).
    private const int SyllableBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TrailBase = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TrailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TrailCount;

    private readonly Dictionary<int, int[]> _decompositions = [];
    private readonly Dictionary<(int, int), int> _compositions = [];
    private readonly Dictionary<int, byte> _classes = [];

    private UnicodeTables()
    {
    }

    /// <summary>Reads the tables that are embedded beside this code.</summary>
    public static UnicodeTables Load()
    {
        var tables = new UnicodeTables();
        using var stream = typeof(UnicodeTables).Assembly.GetManifestResourceStream("Nfc.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (!line.StartsWith('#')) tables.Add(line.Split(' '));
        return tables;
    }

    /// <summary>The canonical combining class; 0 for starters.</summary>
    /// <param name="rune">A code point.</param>
    public byte ClassOf(int rune) => rune < 0x300 ? (byte)0 : _classes.GetValueOrDefault(rune);

    /// <summary>Appends the full canonical decomposition of a code point.</summary>
    /// <param name="rune">A code point.</param>
    /// <param name="to">Where to append.</param>
    public void Decompose(int rune, List<int> to)
    {
        if (rune is >= SyllableBase and < SyllableBase + SyllableCount)
        {
            var (pair, trail) = Math.DivRem(rune - SyllableBase, TrailCount);
            to.Add(LeadBase + (pair / VowelCount));
            to.Add(VowelBase + (pair % VowelCount));
            if (trail > 0) to.Add(TrailBase + trail);
        }
        else if (_decompositions.TryGetValue(rune, out var parts))
        {
            foreach (var part in parts) Decompose(part, to);
        }
        else
        {
            to.Add(rune);
        }
    }

    /// <summary>Composes a starter with what follows it.</summary>
    /// <param name="first">The starter.</param>
    /// <param name="second">What follows.</param>
    /// <param name="composed">The composition.</param>
    public bool TryCompose(int first, int second, out int composed)
    {
        if (first is >= LeadBase and < LeadBase + LeadCount && second is >= VowelBase and < VowelBase + VowelCount)
        {
            composed = SyllableBase + ((((first - LeadBase) * VowelCount) + second - VowelBase) * TrailCount);
            return true;
        }
        var takesTrail = first is >= SyllableBase and < SyllableBase + SyllableCount && (first - SyllableBase) % TrailCount == 0;
        if (takesTrail && second is > TrailBase and < TrailBase + TrailCount)
        {
            composed = first + second - TrailBase;
            return true;
        }
        return _compositions.TryGetValue((first, second), out composed);
    }

    private void Add(string[] line)
    {
        if (line[0] == "K")
        {
            for (var rune = Hex(line[1]); rune <= Hex(line[2]); rune++) _classes[rune] = byte.Parse(line[3], CultureInfo.InvariantCulture);
            return;
        }
        var parts = Array.ConvertAll(line[2..], Hex);
        _decompositions[Hex(line[1])] = parts;
        if (line[0] == "C") _compositions[(parts[0], parts[1])] = Hex(line[1]);
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
