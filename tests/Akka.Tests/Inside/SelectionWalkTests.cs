using Akka.Actor;
using Akka.Event;

namespace Akka.Tests.Inside;

/// <summary>What a selection may cost the thread that sent it or read it.</summary>
public sealed class SelectionWalkTests : Akka.TestKit.Xunit2.TestKit
{
    private readonly List<string> _letters = [];
    private readonly IActorRef _top;

    public SelectionWalkTests() : base("akka { loglevel = OFF, log-dead-letters = off }")
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Dropped));
        _top = ActorOfAsTestActorRef<Counter>(Props.Create(() => new Counter(_letters)), "top");
        _top.Tell(10);
    }

    /// <summary>On the thread of the test: a letter is counted when the walk is over.</summary>
    private sealed class Counter : ReceiveActor
    {
        public Counter(List<string> letters)
        {
            Receive<int>(count =>
            {
                for (int child = 0; child < count; child++)
                {
                    Context.ActorOf(Props.Create(() => new Counter(letters)).WithDispatcher(Context.Props.Dispatcher), $"q{child}");
                }
            });
            Receive<string>(text => letters.Add(text));
        }
    }

    private Dropped? Walk(IReadOnlyList<SelectionPathElement> elements, object? message = null)
    {
        Akka.Actor.ActorSelection.Deliver(_top, new ActorSelectionMessage(message ?? "x", elements), ActorRefs.NoSender);
        return ReceiveOne(TimeSpan.Zero) as Dropped;
    }

    private static IReadOnlyList<SelectionPathElement> Repeated(int times, string pattern, params string[] last) =>
        [.. Enumerable.Repeat<SelectionPathElement[]>([new SelectChildPattern(pattern), new SelectParent()], times)
            .SelectMany(pair => pair), .. last.Select(name => new SelectChildName(name))];

    [Fact]
    public void Up_and_down_again_meets_everybody_as_often_as_there_are_ways()
    {
        Assert.Null(Walk(Repeated(2, "*", "q1")));
        Assert.Equal(100, _letters.Count);
    }

    [Fact]
    public void Ways_that_multiply_end_at_a_bound_with_one_warning()
    {
        Assert.Contains($"more than {SelectionWalk.MostLooks} times", Walk(Repeated(20, "*", "q1"))!.Reason, StringComparison.Ordinal);
        Assert.InRange(_letters.Count, 1, SelectionWalk.MostLooks);
        Assert.Null(ReceiveOne(TimeSpan.Zero));
    }

    [Fact]
    public void Downwards_there_is_no_bound_but_the_tree()
    {
        _top.Tell("forget");
        _letters.Clear();
        IActorRef wide = ActorOfAsTestActorRef<Counter>(Props.Create(() => new Counter(_letters)), "wide");
        wide.Tell(SelectionWalk.MostLooks + 5);
        Akka.Actor.ActorSelection.Deliver(wide, new ActorSelectionMessage("x", [new SelectChildPattern("*")]), ActorRefs.NoSender);
        Assert.Equal(SelectionWalk.MostLooks + 5, _letters.Count);
    }

    [Fact]
    public void Too_many_elements_and_selections_in_selections_are_dropped()
    {
        Assert.Contains("9500 elements", Walk(Repeated(4_750, "nobody*"))!.Reason, StringComparison.Ordinal);
        Assert.Contains("in a selection", Walk([new SelectChildPattern("*")],
            new ActorSelectionMessage("x", [new SelectParent(), new SelectChildPattern("*")]))!.Reason, StringComparison.Ordinal);
        Assert.Empty(_letters);
    }

    [Theory]
    [InlineData("*", "abc", true)]
    [InlineData("a*", "abc", true)]
    [InlineData("*c", "abc", true)]
    [InlineData("a*c", "abbc", true)]
    [InlineData("a*bc", "abbbc", true)]
    [InlineData("*b*", "abc", true)]
    [InlineData("a**c", "ac", true)]
    [InlineData("?bc", "abc", true)]
    [InlineData("a?", "a", false)]
    [InlineData("a?", "abc", false)]
    [InlineData("*?*?*?*", "abc", true)]
    [InlineData("*?*?*?*?*", "abc", false)]
    [InlineData("a*c", "abcd", false)]
    [InlineData("a.c*", "abc", false)]
    [InlineData("A*", "abc", false)]
    public void Patterns_match_names(string pattern, string name, bool matches) =>
        Assert.Equal(matches, new SelectChildPattern(pattern).Matches(name));
}
