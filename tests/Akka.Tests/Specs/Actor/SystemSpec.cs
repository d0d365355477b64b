using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace Akka.Tests.Specs.Actor;

/// <summary>The system as a whole: its start, its extensions, its end.</summary>
public sealed class SystemSpec
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly Config Quiet = ConfigurationFactory.ParseString("akka.loglevel = OFF");

    private sealed class Idle : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Farewell(TaskCompletionSource stopped) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }

        protected override void PostStop() => stopped.SetResult();
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("")]
    [InlineData("-x")]
    [InlineData("a.b")]
    public void A_name_that_no_address_can_have_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => ActorSystem.Create(name, Quiet));

    [Fact]
    public async Task A_system_ends_with_all_its_actors()
    {
        ActorSystem system = ActorSystem.Create("ends", Quiet);
        TaskCompletionSource called = new();
        system.RegisterOnTermination(called.SetResult);
        TaskCompletionSource stopped = new();
        system.ActorOf(Props.Create(() => new Farewell(stopped)));
        Assert.False(system.WhenTerminated.IsCompleted);
        await system.Terminate().WaitAsync(Patience);
        await called.Task.WaitAsync(Patience);
        Assert.True(system.WhenTerminated.IsCompletedSuccessfully);
        Assert.True(stopped.Task.IsCompleted);
        await system.Terminate().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_system_ends_while_actors_are_being_made()
    {
        ActorSystem system = ActorSystem.Create("busy", Quiet);
        Task making = Task.Run(() =>
        {
            try
            {
                for (int made = 0; made < 10_000; made++) system.ActorOf(Props.Create<Idle>());
            }
            catch (InvalidOperationException)
            {
                // The system has begun to end.
            }
        });
        Task ending = system.Terminate();
        await making.WaitAsync(Patience);
        await ending.WaitAsync(Patience);
    }

    private sealed class Counter : IExtension
    {
        private int _count;

        public int Next() => Interlocked.Increment(ref _count);
    }

    private sealed class CounterId : ExtensionIdProvider<Counter>
    {
        public override Counter CreateExtension(ExtendedActorSystem system) => new();
    }

    [Fact]
    public async Task An_extension_is_made_once_per_system()
    {
        ActorSystem one = ActorSystem.Create("one", Quiet);
        ActorSystem two = ActorSystem.Create("two", Quiet);
        Assert.False(one.HasExtension<Counter>());
        Assert.Equal(1, new CounterId().Apply(one).Next());
        Assert.Equal(2, one.WithExtension<Counter, CounterId>().Next());
        Assert.Equal(1, new CounterId().Apply(two).Next());
        Assert.Equal(2, new CounterId().Get(two).Next());
        Assert.True(one.HasExtension<Counter>());
        Assert.Same(one.GetExtension<Counter>(), new CounterId().Apply(one));
        await Task.WhenAll(one.Terminate(), two.Terminate()).WaitAsync(Patience);
    }

    [Fact]
    public async Task Setups_reach_the_system()
    {
        BootstrapSetup bootstrap = BootstrapSetup.Create().WithConfig(Quiet.WithFallback("my.key = 5"))
            .WithActorRefProvider(ProviderSelection.Local.Instance);
        ActorSystem system = ActorSystem.Create("setup", ActorSystemSetup.Create(bootstrap));
        Assert.Equal(5, system.Settings.Config.GetInt("my.key"));
        await system.Terminate().WaitAsync(Patience);
    }

    [Fact]
    public void A_provider_that_is_not_there_is_named()
    {
        Config wrong = ConfigurationFactory.ParseString("akka.actor.provider = \"Not.There, Nowhere\"").WithFallback(Quiet);
        Exception error = Assert.ThrowsAny<Exception>(() => ActorSystem.Create("wrong", wrong));
        Assert.Contains("Not.There", error.Message, StringComparison.Ordinal);
    }

    public sealed class Hopeless : SupervisorStrategyConfigurator
    {
        public override SupervisorStrategy Create() => new OneForOneStrategy(_ => Directive.Escalate);
    }

    private sealed class Failing : ReceiveActor
    {
        public Failing() => ReceiveAny(_ => throw new InvalidOperationException("too much"));
    }

    [Fact]
    public async Task A_failure_that_the_guardian_escalates_ends_the_system()
    {
        ActorSystem system = ActorSystem.Create("hopeless", ConfigurationFactory.ParseString(
            $"akka.actor.guardian-supervisor-strategy = \"{typeof(Hopeless).AssemblyQualifiedName}\"").WithFallback(Quiet));
        system.ActorOf(Props.Create<Failing>()).Tell("x");
        await system.WhenTerminated.WaitAsync(Patience);
    }

    private sealed class Asker : ReceiveActor
    {
        public Asker() => ReceiveAny(message => Sender.Tell(message));
    }

    [Fact]
    public async Task Messages_can_be_made_to_pass_their_serializers()
    {
        ActorSystem system = ActorSystem.Create("copying",
            ConfigurationFactory.ParseString("akka.actor.serialize-messages = on").WithFallback(Quiet));
        IActorRef asker = system.ActorOf(Props.Create<Asker>());
        Letter sent = new() { Text = "x" };
        Letter got = await asker.Ask<Letter>(sent, Patience);
        Assert.NotSame(sent, got);
        Assert.Equal("x", got.Text);
        await system.Terminate().WaitAsync(Patience);
    }

    public sealed class Letter
    {
        public string Text { get; set; } = "";
    }
}
