using Akka.Actor;
using Akka.MultiNode.TestAdapter;
using Akka.Remote;
using Akka.Remote.TestKit;

namespace Akka.MultiNode.Tests.Specs;

public class QuarantineConfig : RemoteWatchConfig;

/// <summary>A node whose life is quarantined is not talked to again, until it starts a new one.</summary>
public class QuarantineSpec : MultiNodeSpec
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(200);

    private readonly QuarantineConfig _config;

    public QuarantineSpec()
        : this(new QuarantineConfig())
    {
    }

    protected QuarantineSpec(QuarantineConfig config)
        : base(config, typeof(QuarantineSpec)) => _config = config;

    protected override int InitialParticipantsValueFactory => Roles.Count;

    [MultiNodeFact]
    public void Who_is_quarantined_learns_it_and_is_talked_to_again_after_a_restart_only()
    {
        Sys.ActorOf(Props.Create<Registrar>(), "registrar");
        Address second = Node(_config.Second).Address;
        ActorSelection registrarOfFirst = Sys.ActorSelection(Node(_config.First) / "user" / "registrar");
        EnterBarrier("registrars-are-there");

        int uid = 0;
        RunOn(() => uid = AskUid(second) ?? 0, _config.First);
        RunOn(
            () => Sys.EventStream.Subscribe(TestActor, typeof(ThisActorSystemQuarantinedEvent)),
            _config.Second);
        EnterBarrier("acquainted");
        RunOn(() => ((RemoteActorRefProvider)((ExtendedActorSystem)Sys).Provider).Quarantine(second, uid), _config.First);
        EnterBarrier("quarantined");

        RunOn(
            () =>
            {
                // Its attempts to talk are refused, and that is how it learns.
                AwaitAssert(
                    () =>
                    {
                        registrarOfFirst.Tell("are you there?", TestActor);
                        ExpectMsg<ThisActorSystemQuarantinedEvent>(_moment);
                    },
                    _patience,
                    _moment);
            },
            _config.Second);
        EnterBarrier("refused");
        // Not sooner: the quarantine is asked for, and done a moment later.
        RunOn(() => Assert.Null(AskUid(second)), _config.First);

        RunOn(
            () =>
            {
                TestConductor.Shutdown(_config.Second).Wait(_patience);
                AwaitAssert(() => Assert.NotEqual(uid, AskUid(second) ?? uid), _patience, _moment);
                Sys.ActorSelection(new RootActorPath(second) / "user" / "registrar").Tell("end");
            },
            _config.First);
        RunOn(() => LiveAgain(second.Port!.Value), _config.Second);
    }

    private void LiveAgain(int port)
    {
        Assert.True(Sys.WhenTerminated.Wait(_patience));
        using ActorSystem next = ActorSystem.Create(
            Sys.Name, MultiNodeClusterSpec.AtPort(port).WithFallback(Sys.Settings.Config));
        next.ActorOf(Props.Create<Registrar>(), "registrar");
        Assert.True(next.WhenTerminated.Wait(_patience));
    }

    private int? AskUid(Address address)
    {
        TestKit.TestProbe probe = CreateTestProbe();
        Sys.ActorSelection(new RootActorPath(address) / "user" / "registrar").Tell("uid", probe.Ref);
        object? answer = probe.ReceiveOne(TimeSpan.FromSeconds(1));
        Sys.Stop(probe.Ref);
        return (int?)answer;
    }

    /// <summary>Says which life of the system this is.</summary>
    private sealed class Registrar : ReceiveActor
    {
        public Registrar()
        {
            Receive<string>(text => text == "uid", _ => Sender.Tell(AddressUidExtension.Uid(Context.System)));
            Receive<string>(text => text == "end", _ => Context.System.Terminate());
        }
    }
}
