using Akka.Actor;
using Akka.Configuration;
using Akka.Routing;

namespace Akka.Tests.Specs.Routing;

/// <summary>Each kind of router as a pool and as a group, from code and from the configuration.</summary>
public sealed class RouterKindsSpec() : Akka.TestKit.Xunit2.TestKit("""
    akka.loglevel = OFF
    akka.actor.deployment {
      /round-robin-pool { router = round-robin-pool, nr-of-instances = 3 }
      /broadcast-pool { router = broadcast-pool, nr-of-instances = 3 }
      /random-pool { router = random-pool, nr-of-instances = 3 }
      /consistent-hashing-pool { router = consistent-hashing-pool, nr-of-instances = 3, virtual-nodes-factor = 20 }
      /round-robin-group { router = round-robin-group, routees.paths = ["/user/a", "/user/b", "/user/c"] }
      /broadcast-group { router = broadcast-group, routees.paths = ["/user/a", "/user/b", "/user/c"] }
      /random-group { router = random-group, routees.paths = ["/user/a", "/user/b", "/user/c"] }
      /consistent-hashing-group { router = consistent-hashing-group, routees.paths = ["/user/a", "/user/b", "/user/c"] }
    }
    """)
{
    private static readonly string[] Paths = ["/user/a", "/user/b", "/user/c"];

    private sealed record Keyed(int Key) : IConsistentHashable
    {
        public object ConsistentHashKey => Key;
    }

    private sealed class Worker : ReceiveActor
    {
        public Worker() => ReceiveAny(message => Sender.Tell((Self.Path.Name, message)));
    }

    public static TheoryData<string, bool> Kinds()
    {
        TheoryData<string, bool> kinds = [];
        foreach (string kind in new[] { "round-robin", "broadcast", "random", "consistent-hashing" })
        {
            foreach (string form in new[] { "pool", "group" })
            {
                kinds.Add($"{kind}-{form}", true);
                kinds.Add($"{kind}-{form}", false);
            }
        }
        return kinds;
    }

    private static RouterConfig FromCode(string kind) => kind switch
    {
        "round-robin-pool" => new RoundRobinPool(3),
        "broadcast-pool" => new BroadcastPool(3),
        "random-pool" => new RandomPool(3),
        "consistent-hashing-pool" => new ConsistentHashingPool(3),
        "round-robin-group" => new RoundRobinGroup(Paths),
        "broadcast-group" => new BroadcastGroup(Paths),
        "random-group" => new RandomGroup(Paths),
        "consistent-hashing-group" => new ConsistentHashingGroup(Paths),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such router"),
    };

    private IActorRef Router(string kind, bool configured)
    {
        bool isPool = kind.EndsWith("pool", StringComparison.Ordinal);
        if (!isPool)
            foreach (string name in new[] { "a", "b", "c" }) Sys.ActorOf(Props.Create<Worker>(), name);
        Props routees = isPool ? Props.Create<Worker>() : Props.Empty;
        return Sys.ActorOf(routees.WithRouter(configured ? FromConfig.Instance : FromCode(kind)),
            configured ? kind : null);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Messages_go_where_the_kind_says(string kind, bool configured)
    {
        const int messages = 60;
        IActorRef router = Router(kind, configured);
        for (int number = 0; number < messages; number++) router.Tell(new Keyed(number % 20));
        int copies = kind.StartsWith("broadcast", StringComparison.Ordinal) ? 3 : 1;
        List<(string Name, int Key)> answers = [.. Enumerable.Range(0, messages * copies)
            .Select(_ => ExpectMsg<(string Name, object Message)>()).Select(answer => (answer.Name, ((Keyed)answer.Message).Key))];
        Dictionary<string, int> counts = answers.GroupBy(answer => answer.Name)
            .ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(3, counts.Count);
        switch (kind.Split('-')[0])
        {
            case "round": Assert.All(counts.Values, count => Assert.Equal(messages / 3, count)); break;
            case "broadcast": Assert.All(counts.Values, count => Assert.Equal(messages, count)); break;
            case "consistent":
                foreach (IGrouping<int, (string Name, int Key)> group in answers.GroupBy(answer => answer.Key))
                    Assert.Single(group.Select(answer => answer.Name).Distinct());
                break;
        }
        ExpectNoMsg(TimeSpan.FromMilliseconds(10));
    }

    [Fact]
    public async Task A_group_lists_the_actors_it_was_given()
    {
        IActorRef router = Router("broadcast-group", configured: true);
        Routees routees = await router.Ask<Routees>(GetRoutees.Instance, TimeSpan.FromSeconds(5));
        Assert.Equal(3, routees.Members.Count());
    }

    [Fact]
    public async Task A_pool_grows_and_shrinks_when_told()
    {
        IActorRef router = Router("round-robin-pool", configured: true);
        foreach ((int change, int expected) in new[] { (2, 5), (-4, 1) })
        {
            router.Tell(new AdjustPoolSize(change));
            await AwaitAssertAsync(async () => Assert.Equal(
                expected, (await router.Ask<Routees>(GetRoutees.Instance, TimeSpan.FromSeconds(5))).Members.Count()));
        }
    }

    [EmbeddedFact("Akka.NET says only that a constructor has thrown")]
    public void A_kind_that_is_not_known_is_named()
    {
        Exception error = Assert.ThrowsAny<Exception>(() => new Akka.TestKit.Xunit2.TestKit(
            "akka.loglevel = OFF, akka.actor.deployment { /odd { router = no-such-router } }"));
        Assert.Contains("no-such-router", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("remote = \"akka.tcp://other@host:1\"")]
    [InlineData("router = round-robin-pool, nr-of-instances = 2, target.nodes = [\"akka.tcp://other@host:1\"]")]
    [InlineData("router = round-robin-pool, nr-of-instances = 2, cluster.enabled = on")]
    public void A_system_that_reaches_no_other_node_deploys_here_what_it_is_told_to_deploy_there(string deployment)
    {
        using var kit = new Akka.TestKit.Xunit2.TestKit(
            $"akka.loglevel = OFF, akka.actor.deployment {{ /far {{ {deployment} }} }}");
        Assert.NotNull(kit.Sys.ActorOf(Props.Empty, "far"));
    }
}
