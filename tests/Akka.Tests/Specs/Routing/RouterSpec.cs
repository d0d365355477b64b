using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Routing;

namespace Akka.Tests.Specs.Routing;

/// <summary>One reference, many actors behind it.</summary>
public sealed class RouterSpec() : Akka.TestKit.Xunit2.TestKit("""
    akka.loglevel = OFF
    akka.actor.deployment {
      /configured { router = round-robin-pool, nr-of-instances = 3 }
      /grouped { router = broadcast-group, routees.paths = ["/user/one", "/user/two"] }
      "/many/*" { router = random-pool, nr-of-instances = 2 }
    }
    """)
{
    private sealed class Worker : ReceiveActor
    {
        public Worker()
        {
            Receive<string>(text => text == "fail", _ => throw new InvalidOperationException());
            ReceiveAny(message => Sender.Tell((Self.Path.Name, message)));
        }
    }

    private static Props WorkerProps => Props.Create<Worker>();

    private List<(string Name, object Message)> Answers(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => ExpectMsg<(string, object)>())];

    [Fact]
    public void Round_robin_takes_turns()
    {
        IActorRef router = Sys.ActorOf(new RoundRobinPool(3).Props(WorkerProps));
        for (int number = 0; number < 9; number++) router.Tell(number);
        foreach (IGrouping<string, (string Name, object Message)> each in Answers(9).GroupBy(answer => answer.Name))
            Assert.Equal(3, each.Count());
    }

    [Fact]
    public void Broadcast_reaches_all()
    {
        IActorRef router = Sys.ActorOf(new BroadcastPool(4).Props(WorkerProps));
        router.Tell("x");
        Assert.Equal(4, Answers(4).Select(answer => answer.Name).Distinct().Count());
    }

    [Fact]
    public void Any_router_can_be_told_to_broadcast()
    {
        IActorRef router = Sys.ActorOf(new RoundRobinPool(3).Props(WorkerProps));
        router.Tell(new Broadcast("x"));
        Assert.Equal(3, Answers(3).Select(answer => answer.Name).Distinct().Count());
    }

    [Fact]
    public void Random_reaches_all_in_the_long_run()
    {
        IActorRef router = Sys.ActorOf(new RandomPool(3).Props(WorkerProps));
        for (int number = 0; number < 200; number++) router.Tell(number);
        Assert.Equal(3, Answers(200).Select(answer => answer.Name).Distinct().Count());
    }

    private sealed record Keyed(string Key, int Number) : IConsistentHashable
    {
        public object ConsistentHashKey => Key;
    }

    [Fact]
    public void Consistent_hashing_keeps_a_key_with_its_routee()
    {
        IActorRef router = Sys.ActorOf(new ConsistentHashingPool(5).Props(WorkerProps));
        for (int number = 0; number < 100; number++) router.Tell(new Keyed($"key {number % 20}", number));
        foreach (var each in Answers(100).GroupBy(answer => ((Keyed)answer.Message).Key))
            Assert.Single(each.Select(answer => answer.Name).Distinct());
    }

    [Fact]
    public void Keys_can_come_from_a_mapping_or_an_envelope()
    {
        IActorRef mapped = Sys.ActorOf(new ConsistentHashingPool(5).WithHashMapping(message => message).Props(WorkerProps));
        for (int time = 0; time < 5; time++) mapped.Tell("same");
        Assert.Single(Answers(5).Select(answer => answer.Name).Distinct());
        IActorRef wrapped = Sys.ActorOf(new ConsistentHashingPool(5).Props(WorkerProps));
        for (int number = 0; number < 5; number++) wrapped.Tell(new ConsistentHashableEnvelope(number, "k"));
        List<(string Name, object Message)> answers = Answers(5);
        Assert.Single(answers.Select(answer => answer.Name).Distinct());
        Assert.Equal([0, 1, 2, 3, 4], answers.Select(answer => (int)answer.Message));
    }

    [Fact]
    public async Task When_a_routee_goes_few_keys_move()
    {
        IActorRef router = Sys.ActorOf(new ConsistentHashingPool(10).WithVirtualNodesFactor(50).Props(WorkerProps));
        Dictionary<string, string> before = Placement(router);
        Routees routees = await router.Ask<Routees>(GetRoutees.Instance);
        router.Tell(new RemoveRoutee(routees.Members.First()));
        AwaitAssert(() => Assert.Equal(9, router.Ask<Routees>(GetRoutees.Instance).Result.Members.Count()));
        Dictionary<string, string> after = Placement(router);
        int moved = before.Count(entry => after[entry.Key] != entry.Value);
        Assert.InRange(moved, 1, 60);
    }

    private Dictionary<string, string> Placement(IActorRef router)
    {
        for (int number = 0; number < 200; number++) router.Tell(new Keyed($"key {number}", number));
        return Answers(200).ToDictionary(answer => ((Keyed)answer.Message).Key, answer => answer.Name);
    }

    [Fact]
    public void A_router_comes_from_the_configuration()
    {
        IActorRef router = Sys.ActorOf(WorkerProps.WithRouter(FromConfig.Instance), "configured");
        for (int number = 0; number < 6; number++) router.Tell(number);
        Assert.Equal(3, Answers(6).Select(answer => answer.Name).Distinct().Count());
    }

    [Fact]
    public void A_group_goes_to_actors_that_are_there_already()
    {
        Sys.ActorOf(WorkerProps, "one");
        Sys.ActorOf(WorkerProps, "two");
        IActorRef router = Sys.ActorOf(Props.Empty.WithRouter(FromConfig.Instance), "grouped");
        router.Tell("x");
        Assert.Equal(["one", "two"], Answers(2).Select(answer => answer.Name).Order());
        IActorRef fromCode = Sys.ActorOf(new RoundRobinGroup("/user/one", "/user/two").Props());
        fromCode.Tell(1);
        fromCode.Tell(2);
        Assert.Equal(["one", "two"], Answers(2).Select(answer => answer.Name).Order());
    }

    [Fact]
    public void A_router_without_its_configuration_is_refused()
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => Sys.ActorOf(WorkerProps.WithRouter(FromConfig.Instance), "unknown"));
        Assert.Contains("unknown", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routees_come_and_go()
    {
        IActorRef router = Sys.ActorOf(new RoundRobinPool(2).Props(WorkerProps));
        Routees routees = await router.Ask<Routees>(GetRoutees.Instance);
        Assert.Equal(2, routees.Members.Count());
        router.Tell(new AddRoutee(Routee.FromActorRef(TestActor)));
        AwaitAssert(() => Assert.Equal(3, router.Ask<Routees>(GetRoutees.Instance).Result.Members.Count()));
        router.Tell(new Broadcast("x"));
        FishForMessage(message => message is "x");
    }

    [Fact]
    public void A_pool_whose_routees_are_all_gone_ends()
    {
        IActorRef router = Sys.ActorOf(new RoundRobinPool(3).Props(WorkerProps));
        Watch(router);
        router.Tell(new Broadcast(PoisonPill.Instance));
        ExpectTerminated(router);
    }

    [Fact]
    public void A_stopped_router_makes_dead_letters()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        IActorRef router = Sys.ActorOf(new RoundRobinPool(3).Props(WorkerProps));
        Watch(router);
        router.Tell(PoisonPill.Instance);
        ExpectTerminated(router);
        router.Tell("late");
        Assert.Equal("late", FishForMessage<DeadLetter>(_ => true).Message);
    }

    [Fact]
    public void A_failed_routee_is_restarted_by_the_parent_of_the_router()
    {
        IActorRef router = Sys.ActorOf(new RoundRobinPool(1).Props(WorkerProps));
        router.Tell("fail");
        router.Tell("alive");
        Assert.Equal("alive", Answers(1)[0].Message);
    }
}
