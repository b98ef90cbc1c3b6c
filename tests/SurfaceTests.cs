using System.Reflection;
using PublicApiGenerator;

namespace PretrainBench.Tests;

/// <summary>What a room shows to others and to a user's program, so that a change of it is seen in review.</summary>
public class SurfaceTests
{
    private static readonly ApiGeneratorOptions Options = new() { IncludeAssemblyAttributes = false };

    [Fact]
    public void The_public_surface_is_the_approved_one()
        => Approval.Check("surface", Assembly.Load($"PretrainBench.{Approval.Room}").GeneratePublicApi(Options));
}
