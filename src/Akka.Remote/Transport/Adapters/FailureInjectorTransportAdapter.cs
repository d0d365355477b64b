using Akka.Actor;

namespace Akka.Remote.Transport;

/// <summary>
/// The adapter <c>gremlin</c> of <c>akka.remote.dot-netty.tcp.applied-adapters</c>: loses single frames by chance,
/// while the connections stay. Steered by <see cref="All"/> and <see cref="One"/>, commands for
/// <see cref="RemoteTransport.ManagementCommand"/>.
/// </summary>
public static class FailureInjectorTransportAdapter
{
    /// <summary>What stands in addresses for this adapter.</summary>
    public const string FailureInjectorSchemeIdentifier = "gremlin";

    public interface IFailureInjectorCommand;

    /// <summary>How frames fare.</summary>
    public interface IGremlinMode;

    /// <summary>For all peers of which nothing else was said.</summary>
    public sealed record All(IGremlinMode Mode) : IFailureInjectorCommand;

    /// <summary>For one peer; its host and port count.</summary>
    public sealed record One(Address RemoteAddress, IGremlinMode Mode) : IFailureInjectorCommand;

    /// <summary>Nothing is lost.</summary>
    public sealed record PassThru : IGremlinMode
    {
        public static readonly PassThru Instance = new();

        private PassThru()
        {
        }
    }

    /// <summary>Frames are lost with these probabilities, 0 to 1.</summary>
    public sealed record Drop(double OutboundDropP, double InboundDropP) : IGremlinMode;
}
