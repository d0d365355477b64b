using Akka.Actor;
using Akka.Configuration;
using Akka.MultiNode.TestAdapter;
using Akka.Remote.TestKit;

namespace Akka.MultiNode.Tests.Specs;

public class BarrierSpecConfig : MultiNodeConfig
{
    public BarrierSpecConfig()
    {
        First = Role("first");
        Second = Role("second");
        CommonConfig = ConfigurationFactory.ParseString("akka.testconductor.reconnect-backoff = 100ms");
    }

    public RoleName First { get; }

    public RoleName Second { get; }
}

/// <summary>Two processes meet, find one another's addresses, and talk.</summary>
public class BarrierSpec : MultiNodeSpec
{
    private readonly BarrierSpecConfig _config;

    public BarrierSpec()
        : this(new BarrierSpecConfig())
    {
    }

    protected BarrierSpec(BarrierSpecConfig config)
        : base(config, typeof(BarrierSpec)) => _config = config;

    protected override int InitialParticipantsValueFactory => Roles.Count;

    [MultiNodeFact]
    public void Two_nodes_meet_and_talk()
    {
        RunOn(() => Sys.ActorOf(Props.Create<Echo>(), "echo"), _config.First);
        EnterBarrier("echo-is-there");

        RunOn(
            () =>
            {
                Sys.ActorSelection(Node(_config.First) / "user" / "echo").Tell("hello", TestActor);
                ExpectMsg("hello");
                Assert.Equal(Node(_config.First).Address, LastSender.Path.Address);
            },
            _config.Second);
        EnterBarrier("answered");
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }
}
