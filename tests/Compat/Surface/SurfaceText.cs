using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace PretrainBench.Compat.Tests.Surface;

/// <summary>Public types and members as text, in the form of the lists beside this file.</summary>
internal static partial class SurfaceText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    /// <summary>The header that the lists give a type: namespace::Outer.Name.</summary>
    internal static string Header(Type type) => $"{type.Namespace}::{Path(type, type.GetGenericArguments(), dropRoot: false)}";

    /// <summary>The members that a type declares for others, one line each, in canonical form.</summary>
    internal static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => $"{f.Name} = {Convert.ToInt64(f.GetRawConstantValue())}");
        return Fields(type).Concat(Constructors(type)).Concat(Properties(type)).Concat(Methods(type)).Select(Canonical);
    }

    /// <summary>Without what reflection cannot see alike on both sides: annotations of references, names in tuples, constraints.</summary>
    internal static string Canonical(string line)
    {
        line = Comments().Replace(line, "");
        line = Trailers().Replace(line, "");
        line = ReferenceMarks().Replace(line, "$1");
        return Spaces().Replace(line, " ").Trim();
    }

    private static IEnumerable<string> Fields(Type type) => type.GetFields(Declared)
        .Where(f => (f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly) && !f.Name.Contains('<') && !f.IsSpecialName)
        .Select(f => $"{Access(f)} {(f.IsLiteral ? "const " : (f.IsStatic ? "static " : "") + (f.IsInitOnly ? "readonly " : ""))}{Name(f.FieldType)} {f.Name}"
            + (f.IsLiteral ? $" = {f.GetRawConstantValue()}" : ""));

    private static IEnumerable<string> Constructors(Type type) => type.GetConstructors(Declared)
        .Where(c => !c.IsStatic && Visible(c))
        .Select(c => $"{Access(c)} ctor({Parameters(c)})");

    private static IEnumerable<string> Properties(Type type)
    {
        foreach (var property in type.GetProperties(Declared).Where(p => !p.Name.Contains('.')))
        {
            var accessors = property.GetAccessors(nonPublic: true).Where(Visible).ToList();
            if (accessors.Count == 0)
                continue;
            var main = accessors.FirstOrDefault(a => a.IsPublic) ?? accessors[0];
            var get = property.GetMethod is { } g && Visible(g) ? (g.IsPublic == main.IsPublic ? "" : Access(g) + " ") + "get; " : "";
            var set = property.SetMethod is { } s && Visible(s) ? (s.IsPublic == main.IsPublic ? "" : Access(s) + " ") + (IsInit(s) ? "init; " : "set; ") : "";
            var index = property.GetIndexParameters();
            var name = index.Length == 0 ? property.Name : $"this[{Parameters(index)}]";
            yield return $"{Access(main)} {Modifiers(main)}{Name(property.PropertyType)} {name} {{ {get}{set}}}";
        }
    }

    private static IEnumerable<string> Methods(Type type) => type.GetMethods(Declared)
        .Where(m => Visible(m) && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal)) && m.Name != "Finalize" && !m.Name.Contains('.'))
        .Select(m => $"{Access(m)} {Modifiers(m)}{Name(m.ReturnType)} {m.Name}{Generics(m)}({Parameters(m)})");

    private static bool Visible(MethodBase m) => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly;

    private static bool IsInit(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Any(t => t.Name == "IsExternalInit");

    private static string Access(MethodBase m) => m.IsPublic ? "public" : m.IsFamilyOrAssembly ? "protected internal" : "protected";

    private static string Access(FieldInfo f) => f.IsPublic ? "public" : f.IsFamilyOrAssembly ? "protected internal" : "protected";

    private static string Modifiers(MethodInfo m)
    {
        if (m.IsStatic)
            return "static ";
        if (m.DeclaringType!.IsInterface)
            return "";
        if (m.IsAbstract)
            return "abstract ";
        if (!m.IsVirtual || (m.IsFinal && m.GetBaseDefinition() == m))
            return "";
        return m.GetBaseDefinition() == m ? "virtual " : "override ";
    }

    private static string Generics(MethodInfo m) => m.IsGenericMethod ? $"<{string.Join(", ", m.GetGenericArguments().Select(a => a.Name))}>" : "";

    private static string Parameters(MethodBase m) =>
        (m.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute), false) ? "this " : "") + Parameters(m.GetParameters());

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(Parameter));

    private static string Parameter(ParameterInfo p)
    {
        var type = p.ParameterType;
        var prefix = p.IsOut ? "out " : type.IsByRef ? p.IsIn ? "in " : "ref " : p.IsDefined(typeof(ParamArrayAttribute), false) ? "params " : "";
        return $"{prefix}{Name(type.IsByRef ? type.GetElementType()! : type)} {p.Name}" + (p.HasDefaultValue ? " = " + Default(p) : "");
    }

    private static string Default(ParameterInfo p)
    {
        var type = Nullable.GetUnderlyingType(p.ParameterType) ?? p.ParameterType;
        var value = p.RawDefaultValue;
        return value switch
        {
            null => p.ParameterType.IsValueType && Nullable.GetUnderlyingType(p.ParameterType) is null ? "default" : "null",
            _ when type.IsEnum => $"{Name(type)}.{Enum.GetName(type, value) ?? value}",
            string text => $"\"{text}\"",
            char letter => $"'{letter}'",
            bool truth => truth ? "true" : "false",
            float single => single.ToString(CultureInfo.InvariantCulture) + "f",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    private static string Name(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        if (type.IsArray)
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type.IsGenericParameter)
            return type.Name;
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Name(inner) + "?";
        var arguments = type.GetGenericArguments();
        if (type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) ?? type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal))
        {
            if (!arguments.Any(a => a.IsGenericParameter))
                return $"({string.Join(", ", arguments.Select(Name))})";
        }

        return Path(type, arguments, dropRoot: true);
    }

    // Outer types with dots; the static class torch is left out inside signatures.
    private static string Path(Type type, Type[] arguments, bool dropRoot)
    {
        var outer = type.DeclaringType;
        var own = type.Name;
        var tick = own.IndexOf('`', StringComparison.Ordinal);
        var inherited = outer?.GetGenericArguments().Length ?? 0;
        if (tick >= 0)
            own = $"{own[..tick]}<{string.Join(", ", arguments.Skip(inherited).Select(Name))}>";
        if (outer is null || (dropRoot && outer is { Name: "torch", DeclaringType: null }))
            return own;
        return $"{Path(outer, [.. arguments.Take(inherited)], dropRoot)}.{own}";
    }

    [GeneratedRegex(@" ?/\*.*?\*/")]
    private static partial Regex Comments();

    [GeneratedRegex(@" where .*$| \[Obsolete.*$")]
    private static partial Regex Trailers();

    [GeneratedRegex(@"(?<!\b(?:bool|char|byte|sbyte|short|int|uint|long|ulong|float|double|decimal|ScalarType|Memory<int>|\)))()\?")]
    private static partial Regex ReferenceMarks();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
