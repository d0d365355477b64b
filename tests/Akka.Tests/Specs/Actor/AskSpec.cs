using Akka.Actor;

namespace Akka.Tests.Specs.Actor;

/// <summary>Questions with answers as tasks, tasks with outcomes as messages, and waiting for an end.</summary>
public sealed class AskSpec() : Akka.TestKit.Xunit2.TestKit("akka.loglevel = OFF")
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private sealed class Oracle : ReceiveActor
    {
        public Oracle()
        {
            Receive<string>(text => text == "silence", _ => { });
            Receive<string>(text => text == "fail",
                _ => Sender.Tell(new Status.Failure(new InvalidDataException("no"))));
            Receive<string>(text => text == "twice", _ =>
            {
                Sender.Tell(1);
                Sender.Tell(2);
            });
            Receive<IActorRef>(answerTo => answerTo.Tell("by reference"));
            ReceiveAny(message => Sender.Tell(message));
        }
    }

    private IActorRef NewOracle() => Sys.ActorOf(Props.Create<Oracle>());

    [Fact]
    public async Task An_answer_ends_the_task()
    {
        Assert.Equal(42, await NewOracle().Ask<int>(42, Patience));
        Assert.Equal("x", await NewOracle().Ask("x", Patience));
    }

    [Fact]
    public async Task A_failure_is_thrown()
    {
        InvalidDataException error =
            await Assert.ThrowsAsync<InvalidDataException>(() => NewOracle().Ask<int>("fail", Patience));
        Assert.Equal("no", error.Message);
    }

    [Fact]
    public async Task Silence_is_a_timeout() => await Assert.ThrowsAsync<AskTimeoutException>(
        () => NewOracle().Ask<int>("silence", TimeSpan.FromMilliseconds(30)));

    [Fact]
    public async Task Asking_can_be_cancelled()
    {
        using CancellationTokenSource source = new();
        Task<int> answer = NewOracle().Ask<int>("silence", Patience, source.Token);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task An_answer_of_another_type_is_an_error() =>
        await Assert.ThrowsAsync<ArgumentException>(() => NewOracle().Ask<int>("text", Patience));

    [Fact]
    public async Task Only_the_first_answer_counts_and_the_second_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.DeadLetter));
        Assert.Equal(1, await NewOracle().Ask<int>("twice", Patience));
        Assert.Equal(2, ExpectMsg<Akka.Event.DeadLetter>().Message);
    }

    [Fact]
    public async Task The_question_can_name_whom_to_answer() =>
        Assert.Equal("by reference", await NewOracle().Ask<string>(answerTo => answerTo, Patience, default));

    [Fact]
    public async Task A_question_to_the_dead_is_a_timeout()
    {
        IActorRef oracle = NewOracle();
        Watch(oracle);
        Sys.Stop(oracle);
        ExpectTerminated(oracle);
        await Assert.ThrowsAsync<AskTimeoutException>(() => oracle.Ask<int>(1, TimeSpan.FromMilliseconds(30)));
    }

    private sealed class Piper : ReceiveActor
    {
        public Piper(IActorRef listener)
        {
            Receive<Task<int>>(task => task.PipeTo(Self, Self, number => $"got {number}",
                failure => $"failed {failure.Message}"));
            Receive<Task<string>>(task => task.PipeTo(Self));
            Receive<string>(text => listener.Tell(text));
            Receive<Status.Failure>(failure => listener.Tell(failure.Cause.Message));
        }
    }

    [Fact]
    public void The_outcome_of_a_task_comes_as_a_message()
    {
        IActorRef piper = Sys.ActorOf(Props.Create(() => new Piper(TestActor)));
        TaskCompletionSource<int> later = new();
        piper.Tell(later.Task);
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
        later.SetResult(7);
        ExpectMsg("got 7");
        piper.Tell(Task.FromException<int>(new InvalidOperationException("x")));
        ExpectMsg("failed x");
        piper.Tell(Task.FromResult("plain"));
        ExpectMsg("plain");
        piper.Tell(Task.FromException<string>(new InvalidOperationException("y")));
        ExpectMsg("y");
    }

    [Fact]
    public async Task A_graceful_stop_ends_when_the_actor_has_stopped()
    {
        IActorRef oracle = NewOracle();
        Watch(oracle);
        Assert.True(await oracle.GracefulStop(Patience));
        ExpectTerminated(oracle);
        Assert.True(await oracle.GracefulStop(Patience));
    }

    private sealed class Stubborn : ReceiveActor
    {
        public Stubborn() => Receive<string>(_ => { });
    }

    [Fact]
    public async Task A_stop_that_takes_too_long_has_not_succeeded()
    {
        IActorRef stubborn = Sys.ActorOf(Props.Create<Stubborn>());
        Assert.False(await stubborn.GracefulStop(TimeSpan.FromMilliseconds(30), "please"));
    }
}
