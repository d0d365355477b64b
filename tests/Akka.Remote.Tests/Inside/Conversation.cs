using System.Text;
using Akka.Actor;
using Akka.Configuration;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>A real system, and what a test says to it as a peer that is made of a socket.</summary>
public abstract class Conversation : IDisposable
{
    private protected const string Watch = "Akka.Dispatch.SysMsg.Watch, Akka";

    private ActorSystem? _system;

    private protected ActorSystem System => _system!;

    private protected Mail Mail { get; } = new();

    private protected Address Here => AddressOf(System);

    public void Dispose()
    {
        _system?.Terminate().Wait(Patience);
        GC.SuppressFinalize(this);
    }

    private protected string Echoed(RawPeer peer, string text, IActorRef? echo = null, RawPeer? answersAt = null)
    {
        echo ??= System.ActorOf(Props.Create<Echo>());
        peer.Send(PathOf(echo), 17, "S", Encoding.UTF8.GetBytes(text), sender: peer.Root + "user/me");
        return Encoding.UTF8.GetString((answersAt ?? peer).ReadMessage().Body);
    }

    /// <summary>The switchboard has done what it was given before.</summary>
    private protected Task Decided()
    {
        TaskCompletionSource decided = new();
        RARP.For(System).Provider.Remoting.Switchboard.Post(decided.SetResult);
        return decided.Task.WaitAsync(Patience);
    }

    private protected IActorRef Keeper() => System.ActorOf(Props.Create(() => new Keeper(Mail)));

    private protected IActorRef Resolve(string path) => ((ExtendedActorSystem)System).Provider.ResolveActorRef(path);

    private protected string PathOf(IActorRef actor) => actor.Path.ToSerializationFormatWithAddress(Here);

    private protected static byte[] WatchBody(string watchee, string watcher)
    {
        byte[] Reference(byte tag, string path)
        {
            byte[] text = Encoding.UTF8.GetBytes(path);
            byte[] inner = [0x0A, (byte)text.Length, .. text];
            return [tag, (byte)inner.Length, .. inner];
        }
        return [.. Reference(0x0A, watchee), .. Reference(0x12, watcher)];
    }

    private protected void Start(string config, string loglevel = "ERROR") => _system = ActorSystem.Create(
        "Pair", ConfigurationFactory.ParseString($$"""
        akka {
          loglevel = {{loglevel}}
          stdout-loglevel = OFF
          loggers = []
          actor.provider = remote
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          remote { {{config}} }
        }
        """));
}
