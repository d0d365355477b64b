using Akka.Engine;
using Iridium.Simulation.Virtual;

namespace Iridium.Simulation.Network;

/// <summary>A listening port. The kernel answers dials at once; the process hears of them when it runs.</summary>
internal sealed class SimListener(SimProcess process, int port, Func<IConnection, IConnectionHandler?> accept) : IListener
{
    private readonly List<SimConnection> _waiting = [];
    private bool _disposed;

    public int Port { get; } = port;

    public SimProcess Process => process;

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        process.Machine.Ports.Remove(Port);
        process.Closed(this);
        foreach (SimConnection connection in _waiting.ToArray()) connection.Abort();
    }

    /// <summary>The kernel has agreed on a stream; the process is told.</summary>
    internal void Enqueue(SimConnection connection)
    {
        _waiting.Add(connection);
        process.World.Plan(process.World.Now, process, new Accept(this, connection));
    }

    private void OnAccept(SimConnection connection)
    {
        if (!_waiting.Remove(connection) || connection.IsClosed) return;
        IConnectionHandler? handler = accept(connection);
        connection.Open(handler);
        if (handler is null) connection.Close();
    }

    private sealed class Accept(SimListener listener, SimConnection connection) : IHappening
    {
        public char Letter => 'a';

        public void Happen() => listener.OnAccept(connection);
    }
}
