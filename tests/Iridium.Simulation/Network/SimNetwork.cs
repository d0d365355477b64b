using Akka.Engine;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Network;

/// <summary>The network as one process sees it.</summary>
internal sealed class SimNetwork(SimProcess process) : INetwork
{
    public IListener Listen(string host, int port, Func<IConnection, IConnectionHandler?> accept)
    {
        Machine machine = process.Machine;
        if (!IsOwn(host)) throw new NetworkException($"{host} is not an address of {machine.Host}.");
        int bound = port == 0 ? machine.FreePort() : port;
        if (machine.Ports.ContainsKey(bound)) throw new NetworkException($"{host}:{bound} is in use.");
        var listener = new SimListener(process, bound, accept);
        machine.Ports.Add(bound, listener);
        process.Opened(listener);
        return listener;
    }

    public IConnection Connect(string host, int port, IConnectionHandler handler)
    {
        var connection = new SimConnection(process, host, port, handler);
        if (IsOwn(host)) new Dial(process.World, connection, process.Machine, port).Start();
        else if (process.World.Fabric.TryFind(host, out Machine? target))
            new Dial(process.World, connection, target, port).Start();
        else connection.FailToConnect($"no machine is called {host}");
        return connection;
    }

    /// <summary>No simulated machine is reached from outside the simulation.</summary>
    public bool ReachesOthers(string host) => false;

    private bool IsOwn(string host) =>
        host is "0.0.0.0" or "127.0.0.1" or "localhost" or "::"
        || string.Equals(host, process.Machine.Host, StringComparison.OrdinalIgnoreCase);
}
