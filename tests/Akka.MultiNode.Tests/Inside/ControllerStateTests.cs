using System.Collections.Immutable;
using Akka.Actor;
using Akka.Remote.TestKit.Conduct;
using Akka.Remote.TestKit.Protocol;

namespace Akka.MultiNode.Tests.Inside;

/// <summary>What the controller decides, told as conversations with connections 1, 2 and 3.</summary>
public class ControllerStateTests
{
    private static readonly Address _somewhere = Address.Parse("akka.tcp://test@127.0.0.1:1");
    private static readonly ConductorMessage.Failure _exit = new(FailureKind.Exit, ExitValue: 0);
    private static readonly ConductorMessage.Failure _throttle = new(FailureKind.Throttle, Target: _somewhere);

    private ControllerState _state = new(2, new BarrierState(TimeSpan.FromSeconds(30)));

    [Fact]
    public void Nobody_begins_before_all_are_there_and_who_comes_later_begins_at_once()
    {
        Assert.Empty(Hello(1, "a"));
        Assert.Equal(["1 <- Done", "2 <- Done"], Hello(2, "b"));
        Assert.Equal(["3 <- Done"], Hello(3, "c"));
    }

    [Fact]
    public void A_second_node_of_one_role_is_refused_and_the_first_stays()
    {
        Hello(1, "a");
        Assert.Equal(["report", "2 <- 'initial startup' Failed"], Hello(2, "a"));
        Assert.Equal(["1 <- Done", "3 <- Done"], Hello(3, "b"));
    }

    [Fact]
    public void All_who_entered_a_barrier_hear_how_it_ended()
    {
        Meet();
        Assert.Empty(Says(1, new ConductorMessage.Barrier("x", BarrierOp.Enter)));
        Assert.Equal(
            ["1 <- 'x' Succeeded", "2 <- 'x' Succeeded"], Says(2, new ConductorMessage.Barrier("x", BarrierOp.Enter)));

        Says(1, new ConductorMessage.Barrier("y", BarrierOp.Enter));
        Assert.Equal(["report", "1 <- 'y' Failed"], Next(new ControllerInput.Lost(2)));
    }

    [Fact]
    public void An_address_is_told_at_once_or_when_the_role_appears()
    {
        Meet();
        Assert.Equal(["1 <- b is 127.0.0.1:2"], Says(1, new ConductorMessage.AddressOf("b")));
        Assert.Empty(Says(1, new ConductorMessage.AddressOf("c")));
        Assert.Empty(Says(2, new ConductorMessage.AddressOf("c")));
        Next(new ControllerInput.Lost(2));
        Assert.Equal(["3 <- Done", "1 <- c is 127.0.0.1:3"], Hello(3, "c"));
    }

    [Fact]
    public void Orders_are_answered_in_their_order()
    {
        Meet();
        Assert.Equal(["1 <- Throttle"], Next(new ControllerInput.Order(7, "a", _throttle)));
        Assert.Equal(["1 <- Throttle"], Next(new ControllerInput.Order(8, "a", _throttle)));
        Assert.Equal(["2 <- Throttle"], Next(new ControllerInput.Order(9, "b", _throttle)));
        Assert.Equal(["7 ok"], Says(1, ConductorMessage.Done.Instance));
        Assert.Equal(["9 ok"], Says(2, ConductorMessage.Done.Instance));
        Assert.Equal(["8 ok"], Says(1, ConductorMessage.Done.Instance));
        Assert.Empty(Says(1, ConductorMessage.Done.Instance));
    }

    [Fact]
    public void An_order_to_a_node_that_is_lost_or_not_known_fails()
    {
        Meet();
        Next(new ControllerInput.Order(7, "b", _throttle));
        Assert.Equal(["7 failed: the node was lost"], Next(new ControllerInput.Lost(2)));
        Assert.Equal(["8 failed: there is no node b; there are a"], Next(new ControllerInput.Order(8, "b", _throttle)));
    }

    [Fact]
    public void Who_is_sent_away_is_not_missed_and_its_end_is_the_answer()
    {
        Meet();
        Says(1, new ConductorMessage.Barrier("x", BarrierOp.Enter));
        Assert.Equal(["2 <- Exit", "1 <- 'x' Succeeded"], Next(new ControllerInput.Order(7, "b", _exit)));
        Assert.Empty(Says(1, new ConductorMessage.AddressOf("b")));
        Assert.Equal(["7 ok"], Next(new ControllerInput.Lost(2)));
        Assert.Equal(["1 <- 'y' Succeeded"], Says(1, new ConductorMessage.Barrier("y", BarrierOp.Enter)));
    }

    [Fact]
    public void A_role_can_be_played_again_after_it_was_removed()
    {
        Meet();
        Assert.Equal(["7 ok"], Next(new ControllerInput.Remove(7, "b")));
        Assert.Equal(["3 <- Done"], Hello(3, "b"));
        Assert.Empty(Next(new ControllerInput.Lost(2)));
        Assert.Equal(["a", "b"], _state.Players.Keys);
    }

    [Fact]
    public void Who_speaks_before_it_said_hello_or_says_what_only_a_controller_says_is_shown_out()
    {
        Assert.Equal(["report", "9 closed"], Says(9, new ConductorMessage.Barrier("x", BarrierOp.Enter)));
        Meet();
        Assert.Equal(["report", "1 closed"], Says(1, _exit));
        Assert.Equal(["report", "2 closed"], Says(2, new ConductorMessage.Barrier("x", BarrierOp.Succeeded)));
    }

    private void Meet()
    {
        Hello(1, "a");
        Hello(2, "b");
    }

    private string[] Hello(int connection, string role) =>
        Says(connection, new ConductorMessage.Hello(role, _somewhere.WithPort(connection)));

    private string[] Says(int connection, ConductorMessage message) =>
        Next(new ControllerInput.Received(connection, message));

    private string[] Next(ControllerInput input)
    {
        (_state, ImmutableArray<ControllerEffect> effects) = _state.Next(input, TimeSpan.Zero);
        return [.. effects.Select(Text)];
    }

    private static string Text(ControllerEffect effect) => effect switch
    {
        ControllerEffect.Send { Message: ConductorMessage.Barrier barrier } send =>
            $"{send.Connection} <- '{barrier.Name}' {barrier.Op}",
        ControllerEffect.Send { Message: ConductorMessage.AddressOf address } send =>
            $"{send.Connection} <- {address.Role} is {address.Address!.Host}:{address.Address.Port}",
        ControllerEffect.Send { Message: ConductorMessage.Failure failure } send =>
            $"{send.Connection} <- {failure.Kind}",
        ControllerEffect.Send send => $"{send.Connection} <- {send.Message.GetType().Name}",
        ControllerEffect.Close close => $"{close.Connection} closed",
        ControllerEffect.Answer { Failure: { } failure } answer => $"{answer.Order} failed: {failure}",
        ControllerEffect.Answer answer => $"{answer.Order} ok",
        _ => "report",
    };
}
