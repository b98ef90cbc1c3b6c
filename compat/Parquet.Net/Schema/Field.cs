using Parquet.Thrift;

namespace Parquet.Schema;

/// <summary>A field of a schema.</summary>
public abstract class Field
{
    private protected Field(string name) => Name = name;

    /// <summary>The field's name.</summary>
    public string Name { get; }

    /// <summary>Whether values may be missing.</summary>
    public virtual bool IsNullable => false;
}

/// <summary>A column of values.</summary>
public class DataField : Field
{
    private readonly bool _isNullable;

    /// <summary>Creates a column.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="clrType">The type of the values; a nullable one makes the column nullable.</param>
    /// <param name="isNullable">Whether values may be missing; by default what the type says, and true for texts.</param>
    /// <param name="isArray">Not supplied by this stand-in.</param>
    /// <param name="propertyName">Of no effect here.</param>
    public DataField(string name, Type clrType, bool? isNullable = null, bool? isArray = null, string? propertyName = null)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(clrType);
        if (isArray == true) throw new NotSupportedException($"column {name}: this stand-in for Parquet.Net supplies flat columns only");
        ClrType = Nullable.GetUnderlyingType(clrType) ?? clrType;
        _isNullable = isNullable ?? (!clrType.IsValueType || ClrType != clrType);
    }

    /// <summary>The type of the values, without nullability.</summary>
    public Type ClrType { get; }

    /// <inheritdoc/>
    public override bool IsNullable => _isNullable;

    /// <summary>The column's place among all leaves of the file; its place in the schema for one that is to be written.</summary>
    internal int Leaf { get; set; } = -1;

    /// <summary>The element that the column was read from.</summary>
    internal SchemaNode? Node { get; init; }
}

/// <summary>A column of values of a type known at compile time.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public class DataField<T> : DataField
{
    /// <summary>Creates a column.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="nullable">Whether values may be missing; by default what the type says, and true for texts.</param>
    public DataField(string name, bool? nullable = null)
        : base(name, typeof(T), nullable)
    {
    }
}
