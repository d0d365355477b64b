using Akka.Actor;
using Akka.Configuration;

namespace Akka.Remote.Tests.Inside;

/// <summary>Systems that speak TLS, and the certificates they show. They end with the test.</summary>
internal sealed class TlsSystems : IDisposable
{
    private readonly StartedSystems _systems = new();

    public Certificates Certificates { get; } = new();

    /// <summary>Starts a system that shows <paramref name="certificate"/> and trusts the authority.</summary>
    /// <param name="config">More keys of <c>akka.remote.dot-netty.tcp</c>.</param>
    /// <param name="remote">More keys of <c>akka.remote</c>.</param>
    public ActorSystem Start(string certificate, string config = "", string remote = "") =>
        StartWith(Certificates.Hocon(certificate), config, remote);

    /// <param name="tls">Its keys of <c>akka.remote.dot-netty.tcp</c>.</param>
    /// <inheritdoc cref="Start"/>
    public ActorSystem StartWith(string tls, string config = "", string remote = "") =>
        _systems.Start(ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = WARNING
              stdout-loglevel = OFF
              loggers = []
              actor.provider = remote
              remote { {{remote}} }
              remote.dot-netty.tcp {
                {{config}}
                hostname = "127.0.0.1"
                port = 0
                {{tls}}
              }
            }
            """));

    public void Dispose()
    {
        _systems.Dispose();
        Certificates.Dispose();
    }
}
