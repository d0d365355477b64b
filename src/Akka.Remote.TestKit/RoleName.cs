namespace Akka.Remote.TestKit;

/// <summary>The part that one node plays in a multi-node test.</summary>
public sealed record RoleName(string Name)
{
    public override string ToString() => $"RoleName({Name})";
}
