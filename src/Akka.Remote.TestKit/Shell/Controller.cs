using System.Net;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Engine;
using Akka.Event;
using Akka.Remote.TestKit.Conduct;
using Akka.Remote.TestKit.Protocol;

namespace Akka.Remote.TestKit.Shell;

/// <summary>The controller of a multi-node test: listens, and carries messages to and from
/// <see cref="ControllerState"/>, which decides.</summary>
internal sealed class Controller : ReceiveActor
{
    private readonly ActorSystemImpl _system = (ActorSystemImpl)Context.System;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly TestConductorSettings _settings;
    private readonly Dictionary<int, FrameConnection> _connections = [];
    private readonly Dictionary<long, IActorRef> _askers = [];
    private readonly HashSet<int> _silent = [];
    private readonly IListener? _listener;
    private readonly string? _refusal;
    private readonly long _startedAt;
    private readonly string _host;
    private ControllerState _state;
    private ICancelable? _deadline;
    private int _lastConnection;
    private long _lastOrder;

    public Controller(int participants, IPEndPoint endPoint, TestConductorSettings settings)
    {
        _settings = settings;
        _startedAt = _system.Host.Time.GetTimestamp();
        _state = new ControllerState(participants, new BarrierState(settings.BarrierTimeout));
        _host = endPoint.Address.ToString();
        Receive<Accepted>(OnAccepted);
        Receive<FrameConnection.Opened>(_ => { });
        Receive<FrameConnection.Received>(OnReceived);
        Receive<FrameConnection.Closed>(OnClosed);
        Receive<StillSilent>(OnStillSilent);
        Receive<Order>(order => OnOrder(number => new ControllerInput.Order(number, order.Role, order.Failure)));
        Receive<Remove>(remove => OnOrder(number => new ControllerInput.Remove(number, remove.Role)));
        Receive<GetNodes>(_ => Sender.Tell(new Nodes([.. _state.Players.Keys.Select(name => new RoleName(name))])));
        Receive<GetEndPoint>(_ => Sender.Tell(WhereItListens(endPoint)));
        Receive<DeadlinePassed>(_ => Perform(new ControllerInput.Tick()));
        try
        {
            _listener = Listen(endPoint.Port);
        }
        catch (NetworkException error)
        {
            _refusal = error.Message;
        }
    }

    private TimeSpan Now => _system.Host.Time.GetElapsedTime(_startedAt);

    protected override void PostStop()
    {
        _deadline?.Cancel();
        _listener?.Dispose();
        foreach (FrameConnection connection in _connections.Values) connection.Close();
    }

    private IListener Listen(int port)
    {
        IActorRef self = Self;
        return _system.Host.Network.Listen(_host, port, connection =>
        {
            FrameConnection handler = new(Interlocked.Increment(ref _lastConnection), self) { Connection = connection };
            self.Tell(new Accepted(handler), ActorRefs.NoSender);
            return handler;
        });
    }

    private object WhereItListens(IPEndPoint asked) => _listener is { } listener
        ? new IPEndPoint(asked.Address, listener.Port)
        : new Status.Failure(new TestConductorException($"The test's controller does not run. {_refusal}"));

    private void OnAccepted(Accepted accepted)
    {
        int number = accepted.Connection.Number;
        _connections[number] = accepted.Connection;
        _silent.Add(number);
        Context.System.Scheduler.ScheduleTellOnce(
            _settings.HelloTimeout, Self, new StillSilent(number), ActorRefs.NoSender);
    }

    private void OnReceived(FrameConnection.Received received)
    {
        _silent.Remove(received.Connection);
        Perform(new ControllerInput.Received(received.Connection, received.Message));
    }

    private void OnClosed(FrameConnection.Closed closed)
    {
        _silent.Remove(closed.Connection);
        _connections.Remove(closed.Connection);
        Perform(new ControllerInput.Lost(closed.Connection));
    }

    private void OnStillSilent(StillSilent silent)
    {
        if (_silent.Contains(silent.Connection)) _connections[silent.Connection].Close();
    }

    private void OnOrder(Func<long, ControllerInput> input)
    {
        long number = ++_lastOrder;
        _askers[number] = Sender;
        Perform(input(number));
    }

    private void Perform(ControllerInput input)
    {
        (_state, var effects) = _state.Next(input, Now);
        foreach (ControllerEffect effect in effects) Perform(effect);
        _deadline?.Cancel();
        _deadline = _state.Barrier.Deadline is { } deadline
            ? Context.System.Scheduler.ScheduleTellOnceCancelable(
                deadline > Now ? deadline - Now : TimeSpan.Zero, Self, new DeadlinePassed(), ActorRefs.NoSender)
            : null;
    }

    private void Perform(ControllerEffect effect)
    {
        switch (effect)
        {
            case ControllerEffect.Send send:
                if (_connections.TryGetValue(send.Connection, out FrameConnection? to)) to.Send(send.Message);
                break;
            case ControllerEffect.Close close:
                if (_connections.TryGetValue(close.Connection, out FrameConnection? gone)) gone.Close();
                break;
            case ControllerEffect.Answer answer:
                if (_askers.Remove(answer.Order, out IActorRef? asker)) asker.Tell(Result(answer.Failure));
                break;
            case ControllerEffect.Report report:
                _log.Warning(report.Text);
                break;
        }
    }

    private static object Result(string? failure) => failure is null
        ? Akka.Done.Instance
        : new Status.Failure(new TestConductorException($"The order was not carried out: {failure}."));

    /// <summary>Asks a player for something; answered with Done, or a failure.</summary>
    public sealed record Order(string Role, ConductorMessage.Failure Failure) : INoSerializationVerificationNeeded;

    /// <summary>Nobody is to wait for this player any more; answered with Done, or a failure.</summary>
    public sealed record Remove(string Role) : INoSerializationVerificationNeeded;

    /// <summary>Asks who plays; answered with <see cref="Nodes"/>.</summary>
    public sealed record GetNodes : INoSerializationVerificationNeeded;

    public sealed record Nodes(IReadOnlyList<RoleName> Names) : INoSerializationVerificationNeeded;

    /// <summary>Asks where the controller listens; answered with an <see cref="IPEndPoint"/>.</summary>
    public sealed record GetEndPoint : INoSerializationVerificationNeeded;

    private sealed record Accepted(FrameConnection Connection) : INoSerializationVerificationNeeded;

    private sealed record StillSilent(int Connection) : INoSerializationVerificationNeeded;

    private sealed record DeadlinePassed : INoSerializationVerificationNeeded;
}
