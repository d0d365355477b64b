using Akka.Actor;
using Akka.Configuration;
using Akka.MultiNode.TestAdapter;
using Akka.Remote.TestKit;

namespace Akka.MultiNode.Tests.Specs;

/// <summary>Two nodes that are no cluster.</summary>
public class RemoteWatchConfig : MultiNodeConfig
{
    public RemoteWatchConfig()
    {
        First = Role("first");
        Second = Role("second");
        CommonConfig = ConfigurationFactory.ParseString(
            """
            akka {
              loglevel = INFO
              test.single-expect-default = 25s
              testconductor.reconnect-backoff = 100ms
              remote {
                retry-gate-closed-for = 500ms
                watch-failure-detector {
                  heartbeat-interval = 200ms
                  unreachable-nodes-reaper-interval = 200ms
                  expected-response-after = 500ms
                  acceptable-heartbeat-pause = 2s
                }
              }
            }
            """);
    }

    public RoleName First { get; }

    public RoleName Second { get; }
}

/// <summary>Who watches an actor in another process hears of its end, and of the end of that process.</summary>
public class RemoteWatchSpec : MultiNodeSpec
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(25);

    private readonly RemoteWatchConfig _config;

    public RemoteWatchSpec()
        : this(new RemoteWatchConfig())
    {
    }

    protected RemoteWatchSpec(RemoteWatchConfig config)
        : base(config, typeof(RemoteWatchSpec)) => _config = config;

    protected override int InitialParticipantsValueFactory => Roles.Count;

    [MultiNodeFact]
    public void Who_watches_a_remote_actor_is_told_when_it_stops_and_when_its_process_dies()
    {
        RunOn(
            () =>
            {
                Sys.ActorOf(Props.Create<Mortal>(), "stops");
                Sys.ActorOf(Props.Create<Mortal>(), "crashes");
            },
            _config.Second);
        EnterBarrier("actors-are-there");

        IActorRef? crashes = null;
        RunOn(
            () =>
            {
                IActorRef stops = Watched("stops");
                crashes = Watched("crashes");
                stops.Tell("stop");
                var news = ExpectMsg<Terminated>();
                Assert.Equal(stops, news.ActorRef);
                Assert.False(news.AddressTerminated);
            },
            _config.First);
        EnterBarrier("first-was-told");

        RunOn(() => Sys.WhenTerminated.Wait(_patience), _config.Second);
        RunOn(
            () =>
            {
                TestConductor.Exit(_config.Second, 0).Wait(_patience);
                var news = ExpectMsg<Terminated>();
                Assert.Equal(crashes, news.ActorRef);
                Assert.True(news.AddressTerminated);
            },
            _config.First);
    }

    private IActorRef Watched(string name)
    {
        Sys.ActorSelection(Node(_config.Second) / "user" / name).Tell(new Identify(name), TestActor);
        return Watch(ExpectMsg<ActorIdentity>().Subject!);
    }

    private sealed class Mortal : ReceiveActor
    {
        public Mortal() => Receive<string>(_ => Context.Stop(Self));
    }
}
