namespace Parquet.Schema;

/// <summary>The columns of a file.</summary>
public class ParquetSchema
{
    /// <summary>Creates a schema.</summary>
    /// <param name="fields">The columns in order.</param>
    public ParquetSchema(IEnumerable<Field> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        DataFields = [.. fields.Cast<DataField>()];
        if (DataFields.Length == 0) throw new ArgumentException("at least one field is required", nameof(fields));
        if (DataFields.DistinctBy(field => field.Name).Count() < DataFields.Length) throw new ArgumentException("two fields have the same name", nameof(fields));
        for (var i = 0; i < DataFields.Length; i++)
            if (DataFields[i].Leaf < 0) DataFields[i].Leaf = i;
    }

    /// <summary>Creates a schema.</summary>
    /// <param name="fields">The columns in order.</param>
    public ParquetSchema(params Field[] fields)
        : this((IEnumerable<Field>)fields)
    {
    }

    /// <summary>The columns; of a file that was read, the flat ones.</summary>
    public DataField[] DataFields { get; }
}
