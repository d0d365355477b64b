using Akka.Actor;
using Akka.Configuration;

namespace Akka.Remote.Tests.Specs;

/// <summary>Two actor systems of one name that reach each other over loopback, on ports that the system
/// chose.</summary>
public sealed class RemotePair : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private const string Quick = """
        akka {
          loglevel = WARNING
          stdout-loglevel = WARNING
          log-dead-letters = off
          actor.provider = remote
          remote {
            retry-gate-closed-for = 200ms
            dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
            watch-failure-detector {
              heartbeat-interval = 100ms
              unreachable-nodes-reaper-interval = 100ms
              acceptable-heartbeat-pause = 1s
              expected-response-after = 100ms
            }
          }
        }
        """;

    private readonly string _config;

    public RemotePair(string config = "")
    {
        _config = config;
        Here = Start();
        There = Start();
    }

    public ActorSystem Here { get; }

    public ActorSystem There { get; private set; }

    public static RemoteActorRefProvider ProviderOf(ActorSystem system) =>
        (RemoteActorRefProvider)((ExtendedActorSystem)system).Provider;

    public static Address AddressOf(ActorSystem system) => ProviderOf(system).DefaultAddress;

    public ActorSystem Start(int port = 0) => ActorSystem.Create(
        "Pair",
        ConfigurationFactory.ParseString($"akka.remote.dot-netty.tcp.port = {port}")
            .WithFallback(ConfigurationFactory.ParseString(_config))
            .WithFallback(ConfigurationFactory.ParseString(Quick)));

    /// <summary>Stops the other system and starts it again at the same port.</summary>
    public void RestartThere()
    {
        int port = AddressOf(There).Port!.Value;
        There.Terminate().Wait(Patience);
        There = Start(port);
    }

    /// <summary>From here, by the path that an actor has there.</summary>
    public IActorRef FromHere(IActorRef there)
    {
        string path = there.Path.ToSerializationFormatWithAddress(AddressOf(There));
        return ((ExtendedActorSystem)Here).Provider.ResolveActorRef(path);
    }

    public ActorSelection Select(string path) => Here.ActorSelection(AddressOf(There) + path);

    public void Dispose()
    {
        Task.WaitAll([Here.Terminate(), There.Terminate()], Patience);
    }

    /// <summary>Answers with what it got; knows a few tricks.</summary>
    public sealed class Echo : ReceiveActor
    {
        public Echo()
        {
            Receive<string>(text => text == "who asks", _ => Sender.Tell(Sender.Path.ToSerializationFormat()));
            Receive<string>(text => text == "stop", _ => Context.Stop(Self));
            ReceiveAny(message => Sender.Tell(message));
        }
    }

    /// <summary>Keeps what it gets, for the test to take.</summary>
    public sealed class Keeper : UntypedActor
    {
        private readonly Mail _mail;

        public Keeper(Mail mail) => _mail = mail;

        protected override void OnReceive(object message)
        {
            if (message is WatchIt watch) Context.Watch(watch.Who);
            else if (message is UnwatchIt unwatch) Context.Unwatch(unwatch.Who);
            else _mail.Put(message);
        }
    }

    public sealed record WatchIt(IActorRef Who);

    public sealed record UnwatchIt(IActorRef Who);

    /// <summary>Messages on their way from an actor to a test.</summary>
    public sealed class Mail
    {
        private readonly System.Collections.Concurrent.BlockingCollection<object> _messages = [];

        public void Put(object message) => _messages.Add(message);

        public object Take(TimeSpan? patience = null) =>
            _messages.TryTake(out object? message, patience ?? Patience)
                ? message
                : throw new TimeoutException("no message came in time");

        /// <summary>Null when nothing came.</summary>
        public object? TryTake(TimeSpan patience) =>
            _messages.TryTake(out object? message, patience) ? message : null;

        public T Take<T>() => Assert.IsType<T>(Take());

        public bool IsEmpty => _messages.Count == 0;
    }
}
