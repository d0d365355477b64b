using static Akka.Interop.Tests.Engine;

namespace Akka.Interop.Tests;

/// <summary>What a node says of itself when it joins is what the other engine says of it.</summary>
public sealed class RolesTests : IDisposable
{
    private readonly MixedCluster _cluster = new();

    public void Dispose() => _cluster.Dispose();

    [MixedTheory]
    [InlineData(Real, Embedded)]
    [InlineData(Embedded, Real)]
    public async Task Roles_and_application_versions_are_known_to_all(Engine first, Engine second)
    {
        Peer one = await _cluster.Join(first, """akka.cluster { roles = [front, back], app-version = "1.2.3-RC1" }""");
        Peer other = await _cluster.Start(second, """akka.cluster { roles = [worker], app-version = "2.0" }""");
        other.Do("join", one.Address);
        await one.Sees("member", other.Address, "Up", "", other.Uid, "worker", "2.0");
        await other.Sees("member", one.Address, "Up", "", one.Uid, "back front", "1.2.3-RC1");
    }
}
