using Akka.Actor;
using Iridium.Node.Pbm;

namespace Iridium.Node.Tests.Pbm;

public sealed class ActorTreeTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ActorSystem _system = ActorSystem.Create("tree");

    /// <summary>Has two children, and answers anything.</summary>
    private sealed class Parent : ReceiveActor
    {
        public Parent()
        {
            Context.ActorOf(Props.Create(() => new Child()), "b");
            Context.ActorOf(Props.Create(() => new Child()), "a");
            ReceiveAny(_ => Sender.Tell("here"));
        }
    }

    private sealed class Child : ReceiveActor;

    public async Task InitializeAsync() =>
        await _system.ActorOf(Props.Create(() => new Parent()), "parent").Ask("?", Patience);

    public Task DisposeAsync() => _system.Terminate().WaitAsync(Patience);

    private string Tree(string start, int depth) => string.Join('\n', ActorTree
        .Of(((ExtendedActorSystem)_system).Provider.RootGuardian, start, depth).Select(PbmText.Of));

    [Fact]
    public void Children_stand_below_their_parents_in_the_order_of_their_names()
    {
        Assert.Equal("parent\n  a\n  b", Tree("/user/parent", 100));
        Assert.Contains("\n  user\n    parent\n      a\n      b", Tree("/", 100));
    }

    [Fact]
    public void The_tree_ends_at_the_depth_that_was_asked_for() => Assert.Equal("user\n  parent", Tree("/user", 1));

    [Fact]
    public void An_actor_that_is_not_there_has_no_tree() => Assert.Equal("", Tree("/user/nobody", 100));
}
