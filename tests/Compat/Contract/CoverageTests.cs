using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using PretrainBench.Compat.Tests.Surface;

namespace PretrainBench.Compat.Tests.Contract;

/// <summary>
/// Every public member that compat/ supplies is called by this assembly's tests. The compiler's own table of the members that an
/// assembly refers to is the evidence: nothing has to be declared, and nothing can be forgotten.
/// </summary>
public class CoverageTests
{
    [Fact]
    public void Every_supplied_member_of_TorchSharp_is_called_by_a_contract_test() => Covered(typeof(TorchSharp.torch).Assembly);

    private static void Covered(Assembly supplied)
    {
        if (!SurfaceTests.IsCompat(supplied))
            return;
        var called = References().Where(m => m.Module.Assembly == supplied).ToHashSet();
        var missing = supplied.GetExportedTypes().Where(t => !t.IsEnum && !t.IsAssignableTo(typeof(Attribute))).SelectMany(Members).Where(m => !called.Contains(m))
            .Select(m => $"{SurfaceText.Header(m.DeclaringType!)}: {m}").ToList();
        Assert.True(missing.Count == 0, $"{missing.Count} members without a contract test:\n" + string.Join("\n", missing));
    }

    // What is called under its own name: overrides and implementations are reached through what they stand for, abstract methods are
    // written by the tests, and attributes are read by reflection.
    private static IEnumerable<MemberInfo> Members(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var methods = type.GetMethods(Declared).Where(m => m.GetBaseDefinition() == m && !m.IsAbstract && !(m.IsVirtual && m.IsFinal));
        var constructors = type.IsAbstract ? [] : type.GetConstructors(Declared).Cast<MemberInfo>();
        var fields = type.GetFields(Declared).Where(f => !f.IsLiteral).Cast<MemberInfo>();
        return methods.Concat(constructors).Concat(fields);
    }

    private static IEnumerable<MemberInfo> References()
    {
        var module = typeof(CoverageTests).Module;
        using var stream = File.OpenRead(module.FullyQualifiedName);
        using var file = new PEReader(stream);
        var reader = file.GetMetadataReader();
        var tokens = reader.MemberReferences.Select(h => (EntityHandle)h);
        foreach (var handle in tokens)
        {
            if (Resolve(module, MetadataTokens.GetToken(handle)) is { } member)
                yield return Definition(member);
        }
    }

    // Open type parameters are closed with object; where a constraint forbids that, the type is one of the tests' own.
    private static MemberInfo? Resolve(Module module, int token)
    {
        try
        {
            return module.ResolveMember(token, [typeof(object), typeof(object)], [typeof(object), typeof(object)]);
        }
        catch (TypeLoadException)
        {
            return null;
        }
    }

    // Members of constructed generic types count for the definition.
    private static MemberInfo Definition(MemberInfo member)
    {
        if (member.DeclaringType is { IsConstructedGenericType: true } type)
            member = type.GetGenericTypeDefinition().GetMemberWithSameMetadataDefinitionAs(member);
        return member is MethodInfo { IsGenericMethod: true } method ? method.GetGenericMethodDefinition() : member;
    }
}
