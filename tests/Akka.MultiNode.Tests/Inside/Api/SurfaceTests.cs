using System.Reflection;
using Akka.Tests.Inside.Api;

namespace Akka.MultiNode.Tests.Inside.Api;

/// <summary>What users see of this room, as a text under review.</summary>
public sealed class SurfaceTests
{
    [Fact]
    public void It_is_as_approved() => Approval.Check(Assembly.Load("Akka.Remote.TestKit"));
}
