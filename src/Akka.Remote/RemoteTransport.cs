using Akka.Actor;
using Akka.Remote.Transport;

namespace Akka.Remote;

/// <summary>What carries messages to other systems: <c>RARP.For(system).Provider.Transport</c>.</summary>
public sealed class RemoteTransport
{
    private readonly Remoting _remoting;

    internal RemoteTransport(Remoting remoting) => _remoting = remoting;

    public Address DefaultAddress => _remoting.DefaultAddress;

    public ISet<Address> Addresses => new HashSet<Address> { DefaultAddress };

    /// <summary>Steers the adapters: <see cref="SetThrottle"/> for <c>trttl</c>,
    /// <see cref="FailureInjectorTransportAdapter.IFailureInjectorCommand"/> for <c>gremlin</c>.</summary>
    /// <returns>False when no applied adapter knows the command.</returns>
    public Task<bool> ManagementCommand(object cmd) => Task.FromResult(_remoting.TryCommand(cmd));
}
