using Akka.Engine;
using Akka.Remote.Wire;

namespace Akka.Remote.Transport.Adapters;

/// <summary>Puts a judge of frames between this system and another network's connections.</summary>
/// <param name="after">Calls back once after a while.</param>
internal sealed class JudgedNetwork(
    INetwork inner, IFrameJudge judge, FrameFormat format, Action<TimeSpan, Action> after) : INetwork
{
    public IListener Listen(string host, int port, Func<IConnection, IConnectionHandler?> accept) =>
        inner.Listen(host, port, raw =>
        {
            JudgedConnection connection = new(peer: null, judge, format, after) { Raw = raw };
            IConnectionHandler? handler = accept(connection);
            if (handler is null) return null;
            connection.Handler = handler;
            return connection;
        });

    public bool ReachesOthers(string host) => inner.ReachesOthers(host);

    public IConnection Connect(string host, int port, IConnectionHandler handler)
    {
        JudgedConnection connection = new(PeerName.Of(host, port), judge, format, after) { Handler = handler };
        connection.Raw = inner.Connect(host, port, connection);
        return connection;
    }
}
