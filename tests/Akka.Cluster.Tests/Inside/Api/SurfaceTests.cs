using System.Reflection;
using Akka.Tests.Inside.Api;

namespace Akka.Cluster.Tests.Inside.Api;

/// <summary>What users see of these rooms, as texts under review.</summary>
public sealed class SurfaceTests
{
    [Theory]
    [InlineData("Akka.Cluster")]
    [InlineData("Akka.Coordination")]
    public void It_is_as_approved(string room) => Approval.Check(Assembly.Load(room));
}
