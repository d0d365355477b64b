using Akka.Actor;

namespace Akka.Routing;

/// <summary>A wrapping that the router takes off.</summary>
public class RouterEnvelope(object message)
{
    public object Message { get; } = message;
}

/// <summary>For all routees of a router, whatever its logic.</summary>
public class Broadcast(object message) : RouterEnvelope(message);

/// <summary>A message to the router itself.</summary>
public abstract class RouterManagementMessage : INoSerializationVerificationNeeded
{
}

/// <summary>To a router: who are your routees? It answers with <see cref="Routees"/>.</summary>
public sealed class GetRoutees : RouterManagementMessage
{
    public static readonly GetRoutees Instance = new();
}

/// <summary>The answer to <see cref="GetRoutees"/>.</summary>
public sealed class Routees(IEnumerable<Routee> routees)
{
    public IEnumerable<Routee> Members { get; } = [.. routees];
}

/// <summary>To a router: one more.</summary>
public sealed class AddRoutee(Routee routee) : RouterManagementMessage
{
    public Routee Routee { get; } = routee;
}

/// <summary>To a router: not this one any more. A routee of a pool is stopped.</summary>
public sealed class RemoveRoutee(Routee routee) : RouterManagementMessage
{
    public Routee Routee { get; } = routee;
}

/// <summary>To a pool: so many more, or fewer if negative.</summary>
public sealed class AdjustPoolSize(int change) : RouterManagementMessage
{
    public int Change { get; } = change;
}
