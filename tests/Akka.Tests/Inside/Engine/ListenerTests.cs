using System.Net;
using System.Net.Sockets;
using Akka.Engine;

namespace Akka.Tests.Inside.Engine;

/// <summary>When a listener begins to accept.</summary>
public sealed class ListenerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A peer that waits for the port to be bound dials before the caller of Listen knows what it listens
    /// on, and was never answered.</summary>
    [Fact]
    public async Task Nobody_is_accepted_on_the_thread_that_listens()
    {
        Held executor = new();
        using ManualResetEventSlim accepted = new();
        IConnectionHandler? Accept(IConnection connection)
        {
            accepted.Set();
            return null;
        }

        using IListener listener = new SocketNetwork(executor, SocketDriver.OfThisMachine).Listen("127.0.0.1", 0, Accept);
        IThreadPoolWorkItem accepting = Assert.Single(executor.Work);
        using TcpClient early = new();
        await early.ConnectAsync(IPAddress.Loopback, listener.Port).WaitAsync(Patience);
        Assert.False(accepted.IsSet);

        accepting.Execute();
        Assert.True(accepted.Wait(Patience));
    }

    private sealed class Held : IExecutor
    {
        public List<IThreadPoolWorkItem> Work { get; } = [];

        public void Execute(IThreadPoolWorkItem work, bool preferLocal = false) => Work.Add(work);
    }
}
