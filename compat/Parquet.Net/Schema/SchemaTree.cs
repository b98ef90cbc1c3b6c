using Parquet.Thrift;

namespace Parquet.Schema;

/// <summary>Between the schema tree of a file and the flat columns that are supplied.</summary>
internal static class SchemaTree
{
    // Converted types of parquet.thrift.
    private const int Utf8 = 0;
    private const int Enumeration = 4;
    private const int Json = 19;

    /// <summary>The flat columns of a tree: leaves directly below the root that are not repeated. Others are passed over.</summary>
    public static ParquetSchema Read(IReadOnlyList<SchemaNode> nodes)
    {
        if (nodes.Count == 0) throw new ParquetException("damaged metadata: no schema");
        var fields = new List<DataField>();
        int at = 1, leaf = 0;
        for (var child = 0; child < nodes[0].ChildCount; child++)
        {
            if (at >= nodes.Count) throw new ParquetException("damaged metadata: the schema ends too early");
            var node = nodes[at];
            if (node.ChildCount == 0 && node.Type is not null && node.Repetition != 2)
                fields.Add(new DataField(node.Name, ClrTypeOf(node), isNullable: node.Repetition == 1) { Leaf = leaf, Node = node });
            SkipSubtree(nodes, ref at, ref leaf, depth: 0);
        }
        if (fields.Count == 0) throw new NotSupportedException("the file has no flat columns; this stand-in for Parquet.Net reads no others");
        return new ParquetSchema(fields);
    }

    /// <summary>The tree of columns that are to be written.</summary>
    public static List<SchemaNode> Write(ParquetSchema schema)
        =>
        [
            new SchemaNode { Name = "root", ChildCount = schema.DataFields.Length },
            .. schema.DataFields.Select(field => new SchemaNode
            {
                Name = field.Name,
                Type = PhysicalTypeOf(field),
                Repetition = field.IsNullable ? 1 : 0,
                IsText = field.ClrType == typeof(string),
            }),
        ];

    private static void SkipSubtree(IReadOnlyList<SchemaNode> nodes, ref int at, ref int leaf, int depth)
    {
        if (at >= nodes.Count || depth > 64) throw new ParquetException("damaged metadata: the schema ends too early");
        var children = nodes[at++].ChildCount;
        if (children == 0) leaf++;
        for (var i = 0; i < children; i++) SkipSubtree(nodes, ref at, ref leaf, depth + 1);
    }

    private static Type ClrTypeOf(SchemaNode node)
        => (node.Type, node.ConvertedType) switch
        {
            (PhysicalType.Boolean, _) => typeof(bool),
            (PhysicalType.Float, _) => typeof(float),
            (PhysicalType.Double, _) => typeof(double),
            (PhysicalType.ByteArray, Utf8 or Enumeration or Json) => typeof(string),
            (PhysicalType.ByteArray, _) when node.IsText => typeof(string),
            (PhysicalType.Int96, _) => typeof(DateTime),
            (_, 5) => typeof(decimal),
            (PhysicalType.Int32 or PhysicalType.Int64, 6 or 7 or 8 or 9 or 10) => typeof(DateTime),
            (PhysicalType.Int32 or PhysicalType.Int64, _) when node.HasOtherLogicalType => typeof(DateTime),
            (PhysicalType.Int32, 11) => typeof(byte),
            (PhysicalType.Int32, 12) => typeof(ushort),
            (PhysicalType.Int32, 13) => typeof(uint),
            (PhysicalType.Int32, 15) => typeof(sbyte),
            (PhysicalType.Int32, 16) => typeof(short),
            (PhysicalType.Int32, _) => typeof(int),
            (PhysicalType.Int64, 14) => typeof(ulong),
            (PhysicalType.Int64, _) => typeof(long),
            _ => typeof(byte[]),
        };

    public static PhysicalType PhysicalTypeOf(DataField field)
        => field.ClrType == typeof(string) ? PhysicalType.ByteArray
            : field.ClrType == typeof(bool) ? PhysicalType.Boolean
            : field.ClrType == typeof(int) ? PhysicalType.Int32
            : field.ClrType == typeof(long) ? PhysicalType.Int64
            : field.ClrType == typeof(float) ? PhysicalType.Float
            : field.ClrType == typeof(double) ? PhysicalType.Double
            : throw new NotSupportedException(
                $"column {field.Name}: this stand-in for Parquet.Net writes string, bool, int, long, float and double, not {field.ClrType.Name}");
}
