using Akka.Actor;
using Akka.Configuration;

namespace Akka.Tests.Specs.Actor;

/// <summary>The simplest uses of the engine, with nothing but a task to wait for: what all other specs stand
/// on.</summary>
public sealed class FirstContactSpec : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ActorSystem _system = ActorSystem.Create("first",
        ConfigurationFactory.ParseString("akka.loglevel = OFF"));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _system.Terminate().WaitAsync(Patience);

    [Fact]
    public async Task An_actor_answers_a_question()
    {
        IActorRef echo = _system.ActorOf(Props.Create(() => new Echo("you said ")), "echo");
        Assert.Equal("you said hello", await echo.Ask<string>("hello", Patience));
        Assert.Equal("akka://first/user/echo", echo.Path.ToString());
    }

    [Fact]
    public async Task Messages_of_one_sender_arrive_in_order()
    {
        IActorRef counter = _system.ActorOf(Props.Create<Order>());
        for (int number = 0; number < 100_000; number++) counter.Tell(number);
        Assert.Equal(100_000, await counter.Ask<int>("count", Patience));
    }

    [Fact]
    public async Task A_failing_actor_is_restarted_with_its_mailbox()
    {
        IActorRef fragile = _system.ActorOf(Props.Create<Fragile>());
        fragile.Tell("one");
        fragile.Tell("fail");
        Assert.Equal(1, await fragile.Ask<int>("count", Patience));
    }

    [Fact]
    public async Task A_stopped_actor_is_reported_to_its_watcher()
    {
        TaskCompletionSource<IActorRef> dead = new();
        IActorRef victim = _system.ActorOf(Props.Create(() => new Echo("")));
        _system.ActorOf(Props.Create(() => new Watcher(victim, dead)));
        victim.Tell(PoisonPill.Instance);
        Assert.Equal(victim, await dead.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task An_async_handler_keeps_the_order_and_the_sender()
    {
        IActorRef slow = _system.ActorOf(Props.Create<SlowEcho>());
        Task<string> first = slow.Ask<string>("a", Patience);
        Task<string> second = slow.Ask<string>("b", Patience);
        Assert.Equal("a1", await first);
        Assert.Equal("b2", await second);
    }

    [Fact]
    public async Task A_scheduled_message_arrives_and_a_graceful_stop_ends()
    {
        IActorRef echo = _system.ActorOf(Props.Create(() => new Echo("")));
        TaskCompletionSource<object> heard = new();
        IActorRef ear = _system.ActorOf(Props.Create(() => new Ear(heard)));
        _system.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(20), echo, "ping", ear);
        Assert.Equal("ping", await heard.Task.WaitAsync(Patience));
        Assert.True(await echo.GracefulStop(Patience));
    }

    [Fact]
    public void A_context_outside_of_an_actor_is_refused()
    {
        Exception? error = OutsideOfActors.Catch(() => new Echo(""));
        Assert.IsType<ActorInitializationException>(error);
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo(string prefix) => Receive<string>(text => Sender.Tell(prefix + text));
    }

    private sealed class Order : ReceiveActor
    {
        private int _next;

        public Order()
        {
            Receive<int>(number =>
            {
                if (number == _next) _next++;
            });
            Receive<string>(_ => Sender.Tell(_next));
        }
    }

    private sealed class Fragile : ReceiveActor
    {
        public Fragile()
        {
            int count = 1;
            Receive<string>(text => text == "one", _ => count++);
            Receive<string>(text => text == "fail", _ => throw new InvalidOperationException("as told"));
            Receive<string>(_ => Sender.Tell(count));
        }
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef victim, TaskCompletionSource<IActorRef> dead)
        {
            Context.Watch(victim);
            Receive<Terminated>(terminated => dead.SetResult(terminated.ActorRef));
        }
    }

    private sealed class SlowEcho : ReceiveActor
    {
        private int _count;

        public SlowEcho() => ReceiveAsync<string>(async text =>
        {
            await Task.Yield();
            _count++;
            await Task.Yield();
            Sender.Tell(text + _count);
        });
    }

    private sealed class Ear : ReceiveActor
    {
        public Ear(TaskCompletionSource<object> heard) => ReceiveAny(heard.SetResult);
    }
}
