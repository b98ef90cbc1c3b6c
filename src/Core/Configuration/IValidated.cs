namespace PretrainBench.Core.Configuration;

/// <summary>A configuration record that can say everything that is impossible about its values.</summary>
public interface IValidated
{
    /// <summary>All problems, each with the property that it is about (as in the code; the binder turns it into the
    /// key) and what to do. Nested records are validated on their own.</summary>
    IEnumerable<(string Property, string Problem)> Validate();
}

/// <summary>Validation of records that were not read from a file.</summary>
public static class Validation
{
    /// <summary>Throws one error that lists all problems, if there are any.</summary>
    /// <exception cref="UserException">There are problems.</exception>
    public static void ThrowIfInvalid(this IValidated config, string what, params ReadOnlySpan<IValidated> nested)
    {
        var errors = new ConfigErrors();
        foreach (var record in (ReadOnlySpan<IValidated>)[config, .. nested])
            foreach (var (property, problem) in record.Validate()) errors.Add(what, SnakeCase.From(property), problem);
        errors.ThrowIfAny(what);
    }
}
