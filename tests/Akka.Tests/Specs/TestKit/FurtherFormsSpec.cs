using System.Collections;
using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using Xunit.Sdk;

namespace Akka.Tests.Specs.TestKit;

/// <summary>The async forms, and those that few tests need: predicates, silence, children, filters of all kinds.</summary>
public sealed class FurtherFormsSpec() : Akka.TestKit.Xunit2.TestKit("akka.loglevel = DEBUG")
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(30);

    private sealed class Fragile : ReceiveActor
    {
        public Fragile()
        {
            Receive<string>(text => throw new InvalidOperationException(text));
            ReceiveAny(message => Sender.Tell(message));
        }

        protected override void PostRestart(Exception reason) => Context.Parent.Tell("restarted");
    }

    private void Tell(params object[] messages)
    {
        foreach (object message in messages) TestActor.Tell(message);
    }

    [Fact]
    public async Task Single_messages_are_expected_asynchronously()
    {
        TestProbe probe = CreateTestProbe();
        Tell("a", "b", "c", "d", 5);
        Assert.Equal("a", await ExpectMsgAsync<string>());
        Assert.Equal("b", await ExpectMsgAsync("b"));
        Assert.Equal("c", await ExpectMsgAsync<string>(text => text == "c"));
        Assert.Equal("d", await ExpectMsgAnyOfAsync(["c", "d"]));
        Assert.Equal(5, await ExpectMsgAsync<int>(number => { Assert.Equal(5, number); }));
        probe.Send(TestActor, "from the probe");
        Assert.Equal("from the probe", await ExpectMsgFromAsync<string>(probe.Ref));
        await ExpectNoMsgAsync(Soon);
        await WatchAsync(probe.Ref);
        Sys.Stop(probe.Ref);
        await ExpectTerminatedAsync(probe.Ref);
    }

    [Fact]
    public async Task Many_messages_are_expected_asynchronously()
    {
        Tell(3, 1, 2, 4, 5, "stop");
        List<int> all = [];
        await foreach (int number in ExpectMsgAllOfAsync([1, 2, 3])) all.Add(number);
        Assert.Equal([1, 2, 3], all.Order());
        Assert.Equal(4, await PeekOneAsync());
        List<int> numbers = [];
        await foreach (int number in ReceiveWhileAsync<int>(number => number < 9, Soon)) numbers.Add(number);
        Assert.Equal([4, 5], numbers);
        Tell("x", "y", "z");
        List<object> received = [];
        await foreach (object message in ReceiveNAsync(2)) received.Add(message);
        Assert.Equal(["x", "y"], received);
        Assert.Equal("z", await ReceiveOneAsync());
        Assert.Null(await ReceiveOneAsync(Soon));
    }

    [Fact]
    public async Task Fishing_keeps_what_was_thrown_back_where_asked()
    {
        Tell(1, "a", 2, "b");
        ArrayList others = [];
        Assert.Equal("b", FishForMessage<string>(text => text == "b", others));
        Assert.Equal(new object[] { 1, "a", 2 }, others.ToArray());
        Tell(1, "c");
        Assert.Equal("c", await FishForMessageAsync<string>(_ => true));
    }

    [EmbeddedFact("Akka.NET fails by the message that was fished for")]
    public async Task Fishing_throws_back_what_is_of_another_type()
    {
        Tell(1, 2.5);
        await FishUntilMessageAsync<double>();
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task Messages_are_matched_by_predicates_each_by_one()
    {
        Tell("b", 1);
        IReadOnlyCollection<object> both = ExpectMsgAllOfMatchingPredicates(
            PredicateInfo.Create<int>(number => number == 1), PredicateInfo.Create<string>(text => text == "b"));
        Assert.Equal(new object[] { "b", 1 }, both);
        Tell("a", "a");
        Exception complaint = Assert.ThrowsAny<XunitException>(() => ExpectMsgAllOfMatchingPredicates(
            PredicateInfo.Create<string>(text => text == "a"), PredicateInfo.Create<string>(text => text == "b")));
        Assert.Contains("a", complaint.Message, StringComparison.Ordinal);
        Tell(7);
        await foreach (object message in ExpectMsgAllOfMatchingPredicatesAsync([PredicateInfo.Create<int>(_ => true)]))
            Assert.Equal(7, message);
    }

    [Fact]
    public async Task Radio_silence_is_waited_for()
    {
        Tell(1, 2);
        Assert.Equal(new object[] { 1, 2 }, (await WaitForRadioSilenceAsync(Soon)).ToArray());
        Tell(1, 2);
        await Assert.ThrowsAnyAsync<XunitException>(() => WaitForRadioSilenceAsync(Soon, maxMessages: 1));
    }

    [Fact]
    public async Task Waiting_has_async_forms_too()
    {
        int asked = 0;
        await AwaitConditionAsync(() => ++asked > 2, TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(1));
        asked = 0;
        await AwaitAssertAsync(async () =>
        {
            await Task.Yield();
            Assert.True(++asked > 2);
        }, TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(1));
        Assert.False(AwaitConditionNoThrow(() => false, Soon, TimeSpan.FromMilliseconds(1)));
        Tell("quick");
        await WithinAsync(TimeSpan.FromSeconds(3), async () => await ExpectMsgAsync("quick"));
        await Assert.ThrowsAnyAsync<Exception>(
            () => WithinAsync(Soon, async () => await ExpectMsgAsync("never", TimeSpan.FromSeconds(10))));
    }

    [Fact]
    public void Within_has_a_lower_bound_too() => Assert.ThrowsAny<XunitException>(
        () => Within(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), () => { }));

    [Fact]
    public void A_cancelled_expectation_says_so()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => ExpectMsg<string>(cancellationToken: cancelled.Token));
    }

    [EmbeddedFact("Akka.NET does not restart a child of the test that has no strategy of its own")]
    public async Task Children_have_the_strategy_they_were_made_with()
    {
        IActorRef stopped = ChildActorOf(Props.Create<Fragile>(), "stopped", SupervisorStrategy.StoppingStrategy);
        IActorRef limited = await ChildActorOfAsync(
            Props.Create<Fragile>(), "limited", new OneForOneStrategy(1, TimeSpan.FromMinutes(1), _ => Directive.Restart));
        IActorRef plain = await ChildActorOfAsync(Props.Create<Fragile>());
        foreach (IActorRef child in new[] { stopped, limited }) Watch(child);
        stopped.Tell("1");
        plain.Tell("2");
        limited.Tell("3");
        limited.Tell("4");
        object[] all = [.. ReceiveN(4)];
        Assert.Equal(2, all.Count(message => message is "restarted"));
        Assert.Equal([stopped, limited], all.OfType<Terminated>().Select(death => death.ActorRef)
            .OrderByDescending(actor => actor.Path.Name));
    }

    [Fact]
    public async Task Filters_of_each_kind_find_their_events()
    {
        ILoggingAdapter log = Logging.GetLogger(Sys, "the source");
        var inner = new InvalidOperationException("outer", new TimeoutException("inner"));
        EventFilter.Warning(new Regex("^w.*g$")).ExpectOne(() => log.Warning("warning"));
        EventFilter.Info(source: $"the source ({Sys})").ExpectOne(() => log.Info("x"));
        EventFilter.ForLogLevel(LogLevel.DebugLevel, start: "de").ExpectOne(() => log.Debug("deep"));
        EventFilter.Exception(typeof(TimeoutException), checkInnerExceptions: true).ExpectOne(() => log.Error(inner, "e"));
        EventFilter.Exception(typeof(InvalidOperationException), new Regex("out")).ExpectOne(() => log.Error(inner, "e"));
        EventFilter.Custom(logEvent => logEvent is Info { Message: not null }).ExpectOne(() => log.Info("custom"));
        EventFilter.Custom<Warning>(warning => warning.Cause is null).ExpectOne(() => log.Warning("typed"));
        EventFilter.Info("a").And.Warning("b").Expect(2, () =>
        {
            log.Info("a");
            log.Warning("b");
        });
        Assert.Equal(5, EventFilter.Info("result").ExpectOne(() =>
        {
            log.Info("result");
            return 5;
        }));
        Assert.Equal(6, await EventFilter.Info("later").ExpectOneAsync(async () =>
        {
            await Task.Yield();
            log.Info("later");
            return 6;
        }));
        await EventFilter.Info("twice").ExpectAsync(2, async () =>
        {
            log.Info("twice");
            await Task.Yield();
            log.Info("twice");
        });
        Assert.Equal(7, await EventFilter.Info("muted").MuteAsync(() => Task.FromResult(7)));
    }

    [Fact]
    public void Dead_letters_are_filtered_by_type_and_predicate()
    {
        EventFilter.DeadLetter(typeof(int)).ExpectOne(() => Sys.DeadLetters.Tell(5));
        EventFilter.DeadLetter(typeof(int), number => (int)number == 6).ExpectOne(() =>
        {
            Sys.DeadLetters.Tell(7);
            Sys.DeadLetters.Tell(6);
        });
    }

    [EmbeddedFact("Akka.NET says only what was missed")]
    public void A_filter_that_missed_says_what_was_logged_instead()
    {
        using var kit = new Akka.TestKit.Xunit2.TestKit("akka.test.filter-leeway = 50ms");
        ILoggingAdapter log = Logging.GetLogger(kit.Sys, "source");
        Exception complaint = Assert.ThrowsAny<XunitException>(
            () => kit.EventFilter.Warning("this one").ExpectOne(() => log.Warning("the other one")));
        Assert.Contains("this one", complaint.Message, StringComparison.Ordinal);
        Assert.Contains("the other one", complaint.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_barrier_opens_when_all_are_there()
    {
        TestBarrier barrier = CreateTestBarrier(2);
        Task other = Task.Run(barrier.Await);
        barrier.Await();
        Assert.True(other.Wait(TimeSpan.FromSeconds(5)));
    }

    [EmbeddedFact("Akka.NET goes on when the time is over, as if all were there")]
    public void A_barrier_at_which_somebody_is_missing_stays_closed() =>
        Assert.Throws<TimeoutException>(() => CreateTestBarrier(2).Await(Soon));

    [Fact]
    public void A_pilot_of_the_test_itself_answers()
    {
        SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"pilot: {message}");
            return AutoPilot.KeepRunning;
        }));
        TestProbe probe = CreateTestProbe();
        probe.Send(TestActor, "hello");
        probe.ExpectMsg("pilot: hello");
        ExpectMsg("hello");
    }
}
