using System.Collections.Immutable;
using Akka.Actor;
using Akka.Remote.TestKit.Protocol;

namespace Akka.Remote.TestKit.Conduct;

/// <summary>
/// Everything the controller of a multi-node test knows and decides: who plays, when the play begins, where they meet,
/// which orders are open. <see cref="Next"/> is the whole of it; the actor around it carries messages.
/// </summary>
/// <param name="Awaited">So many players must have introduced themselves before any is told that it may begin.</param>
internal sealed record ControllerState(int Awaited, BarrierState Barrier)
{
    private const string StartupBarrier = "initial startup";

    private static readonly ImmutableArray<ControllerEffect> _nothing = [];

    /// <summary>By role.</summary>
    public ImmutableSortedDictionary<string, Player> Players { get; private init; } =
        ImmutableSortedDictionary.Create<string, Player>(StringComparer.Ordinal);

    private bool Begun { get; init; }

    private ImmutableList<Query> Queries { get; init; } = [];

    private ImmutableList<OpenOrder> Orders { get; init; } = [];

    public (ControllerState, ImmutableArray<ControllerEffect>) Next(ControllerInput input, TimeSpan now) => input switch
    {
        ControllerInput.Received received => OnMessage(received.Connection, received.Message, now),
        ControllerInput.Lost lost => OnLost(lost.Connection),
        ControllerInput.Order order => OnOrder(order),
        ControllerInput.Remove remove => OnRemove(remove),
        ControllerInput.Tick => Meet(Barrier.Tick(now)),
        _ => throw new ArgumentException($"The controller does not know {input}."),
    };

    private (ControllerState, ImmutableArray<ControllerEffect>) OnMessage(
        int connection, ConductorMessage message, TimeSpan now)
    {
        if (message is ConductorMessage.Hello hello) return OnHello(connection, hello);
        if (RoleOf(connection) is not { } role)
        {
            // Who was sent away may still say that it goes.
            if (message is ConductorMessage.Done) return OnDone(connection);
            return (this, [
                new ControllerEffect.Report($"Connection {connection} said {message} before it said hello."),
                new ControllerEffect.Close(connection),
            ]);
        }
        switch (message)
        {
            case ConductorMessage.Barrier { Op: BarrierOp.Enter } enter:
                return Meet(Barrier.Enter(role, enter.Name, enter.Timeout, now));
            case ConductorMessage.Barrier { Op: BarrierOp.Fail } fail:
                return Meet(Barrier.Fail(role, fail.Name));
            case ConductorMessage.AddressOf query:
                return OnQuery(new Query(connection, query.Role));
            case ConductorMessage.Done:
                return OnDone(connection);
            default:
                return (this, [
                    new ControllerEffect.Report($"{role} said {message}, which is not for a player to say."),
                    new ControllerEffect.Close(connection),
                ]);
        }
    }

    private (ControllerState, ImmutableArray<ControllerEffect>) OnHello(
        int connection, ConductorMessage.Hello hello)
    {
        if (Players.ContainsKey(hello.Role) || RoleOf(connection) is not null)
        {
            return (this, [
                new ControllerEffect.Report($"A second node says that it is {hello.Role}; it is refused."),
                new ControllerEffect.Send(connection, new ConductorMessage.Barrier(StartupBarrier, BarrierOp.Failed)),
            ]);
        }
        Player player = new(connection, hello.Address);
        ControllerState next = this with
        {
            Players = Players.Add(hello.Role, player),
            Barrier = Barrier.Join(hello.Role),
            Queries = Queries.RemoveAll(query => query.Role == hello.Role),
        };
        bool begins = !Begun && next.Players.Count >= Awaited;
        IEnumerable<int> welcome = Begun ? [connection]
            : begins ? next.Players.Values.Select(each => each.Connection)
            : [];
        return (next with { Begun = Begun || begins }, [
            .. welcome.Select(each => new ControllerEffect.Send(each, ConductorMessage.Done.Instance)),
            .. Queries.Where(query => query.Role == hello.Role).Select(query => AnswerTo(query, player)),
        ]);
    }

    private (ControllerState, ImmutableArray<ControllerEffect>) OnQuery(Query query) =>
        Players.TryGetValue(query.Role, out Player? player)
            ? (this, [AnswerTo(query, player)])
            : (this with { Queries = Queries.Add(query) }, _nothing);

    // A player carries out its orders one after the other.
    private (ControllerState, ImmutableArray<ControllerEffect>) OnDone(int connection)
    {
        if (Orders.Find(order => order.Connection == connection) is not { } first) return (this, _nothing);
        ControllerEffect answer = new ControllerEffect.Answer(first.Number, Failure: null);
        return (this with { Orders = Orders.Remove(first) }, [answer]);
    }

    private (ControllerState, ImmutableArray<ControllerEffect>) OnLost(int connection)
    {
        string? role = RoleOf(connection);
        ControllerState next = this with
        {
            Players = role is null ? Players : Players.Remove(role),
            Queries = Queries.RemoveAll(query => query.Connection == connection),
            Orders = Orders.RemoveAll(order => order.Connection == connection),
        };
        // The end of the connection is how a player that is sent away says that it went.
        IEnumerable<ControllerEffect> answers = Orders
            .Where(order => order.Connection == connection)
            .Select(order => new ControllerEffect.Answer(order.Number, order.Ends ? null : "the node was lost"));
        if (role is null) return (next, [.. answers]);
        (ControllerState met, ImmutableArray<ControllerEffect> told) = next.Meet(Barrier.Lose(role));
        return (met, [.. answers, .. told]);
    }

    private (ControllerState, ImmutableArray<ControllerEffect>) OnOrder(ControllerInput.Order order)
    {
        if (!Players.TryGetValue(order.Role, out Player? player)) return (this, [Unknown(order.Number, order.Role)]);
        bool ends = order.Failure.Kind is FailureKind.Exit or FailureKind.Shutdown or FailureKind.ShutdownAbrupt;
        ControllerState next = this with { Orders = Orders.Add(new OpenOrder(order.Number, player.Connection, ends)) };
        ControllerEffect send = new ControllerEffect.Send(player.Connection, order.Failure);
        if (!ends) return (next, [send]);
        (ControllerState met, ImmutableArray<ControllerEffect> told) = next.Without(order.Role);
        return (met, [send, .. told]);
    }

    private (ControllerState, ImmutableArray<ControllerEffect>) OnRemove(ControllerInput.Remove remove)
    {
        if (!Players.ContainsKey(remove.Role)) return (this, [Unknown(remove.Number, remove.Role)]);
        (ControllerState next, ImmutableArray<ControllerEffect> told) = Without(remove.Role);
        return (next, told.Add(new ControllerEffect.Answer(remove.Number, Failure: null)));
    }

    private (ControllerState, ImmutableArray<ControllerEffect>) Without(string role) =>
        (this with { Players = Players.Remove(role) }).Meet(Barrier.Remove(role));

    private (ControllerState, ImmutableArray<ControllerEffect>) Meet(
        (BarrierState State, ImmutableArray<BarrierEnd> Ends) outcome)
    {
        var effects = ImmutableArray.CreateBuilder<ControllerEffect>();
        foreach (BarrierEnd end in outcome.Ends)
        {
            if (end.Failure is not null)
                effects.Add(new ControllerEffect.Report($"Barrier '{end.Name}' failed: {end.Failure}."));
            BarrierOp op = end.Failure is null ? BarrierOp.Succeeded : BarrierOp.Failed;
            foreach (string role in end.Players)
            {
                if (!Players.TryGetValue(role, out Player? player)) continue;
                effects.Add(new ControllerEffect.Send(player.Connection, new ConductorMessage.Barrier(end.Name, op)));
            }
        }
        return (this with { Barrier = outcome.State }, effects.ToImmutable());
    }

    private string? RoleOf(int connection) =>
        Players.FirstOrDefault(player => player.Value.Connection == connection).Key;

    private ControllerEffect.Answer Unknown(long order, string role) => new(
        order, $"there is no node {role}; there are {string.Join(", ", Players.Keys)}");

    private static ControllerEffect.Send AnswerTo(Query query, Player player) =>
        new(query.Connection, new ConductorMessage.AddressOf(query.Role, player.Address));

    /// <summary>Who said hello, and from where.</summary>
    internal sealed record Player(int Connection, Address Address);

    private sealed record Query(int Connection, string Role);

    /// <param name="Ends">The player will not come back from it.</param>
    private sealed record OpenOrder(long Number, int Connection, bool Ends);
}
