using System.Net;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Event;
using Akka.Remote.TestKit.Protocol;
using Akka.Remote.Transport;

namespace Akka.Remote.TestKit.Shell;

/// <summary>
/// A node's line to the controller: introduces the node, asks for barriers and addresses on its behalf, and carries out
/// the controller's orders.
/// <code>
///   dialling --opened--> greeting --done--> playing --closed--> lost
///   dialling --refused, tries left--> dialling
/// </code>
/// </summary>
internal sealed class Player : ReceiveActor, IWithTimers
{
    /// <summary>Bytes per second of a megabit per second.</summary>
    private const double BytesPerMBit = 125_000;

    /// <summary>Bytes that a throttled node may send in a burst; Akka.NET's number.</summary>
    private const int BurstBytes = 1000;

    private readonly ActorSystemImpl _system = (ActorSystemImpl)Context.System;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly RoleName _role;
    private readonly IPEndPoint _controller;
    private readonly TestConductorSettings _settings;
    private readonly Queue<(string Role, IActorRef Asker)> _queries = [];
    private readonly List<IActorRef> _awaitingStart = [];
    private FrameConnection? _connection;
    private int _tries;
    private bool _greeting;
    private bool _playing;
    private string? _lost;
    private (string Name, IActorRef Asker)? _barrier;

    public Player(RoleName role, IPEndPoint controller, TestConductorSettings settings)
    {
        _role = role;
        _controller = controller;
        _settings = settings;
        Receive<Start>(_ => OnStart());
        Receive<Dial>(_ => OnDial());
        Receive<GiveUp>(_ => OnGiveUp());
        Receive<FrameConnection.Opened>(_ => OnOpened());
        Receive<FrameConnection.Received>(received => OnMessage(received.Message));
        Receive<FrameConnection.Closed>(OnClosed);
        Receive<Enter>(OnEnter);
        Receive<CallOff>(callOff => Say(
            new ConductorMessage.Barrier(callOff.Name, BarrierOp.Fail, Timeout: null, _role.Name)));
        Receive<GetAddress>(OnGetAddress);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartSingleTimer(nameof(GiveUp), new GiveUp(), _settings.ConnectTimeout);
        Self.Tell(new Dial());
    }

    protected override void PostStop() => _connection?.Close();

    private void OnStart()
    {
        if (_lost is not null) Sender.Tell(Lost());
        else if (_playing) Sender.Tell(Akka.Done.Instance);
        else _awaitingStart.Add(Sender);
    }

    private void OnDial()
    {
        if (_lost is not null) return;
        _tries++;
        _connection = new FrameConnection(_tries, Self);
        _connection.Connection =
            _system.Host.Network.Connect(_controller.Address.ToString(), _controller.Port, _connection);
    }

    private void OnOpened()
    {
        _greeting = true;
        Say(new ConductorMessage.Hello(_role.Name, _system.Provider.DefaultAddress));
    }

    private void OnClosed(FrameConnection.Closed closed)
    {
        if (_lost is not null || closed.Connection != _tries) return;
        _greeting = false;
        if (_playing || _tries > _settings.ClientReconnects) Lose(closed.Detail);
        else Timers.StartSingleTimer(nameof(Dial), new Dial(), _settings.ReconnectBackoff);
    }

    // Who is connected waits for the other players, not for the controller.
    private void OnGiveUp()
    {
        if (!_greeting) Lose($"nobody could be reached at {_controller} within {_settings.ConnectTimeout}");
    }

    private void OnEnter(Enter enter)
    {
        if (_lost is not null)
        {
            Sender.Tell(Lost());
            return;
        }
        _barrier = (enter.Name, Sender);
        Say(new ConductorMessage.Barrier(enter.Name, BarrierOp.Enter, enter.Timeout, _role.Name));
    }

    private void OnGetAddress(GetAddress query)
    {
        if (_lost is not null)
        {
            Sender.Tell(Lost());
            return;
        }
        _queries.Enqueue((query.Role, Sender));
        Say(new ConductorMessage.AddressOf(query.Role));
    }

    private void OnMessage(ConductorMessage message)
    {
        switch (message)
        {
            case ConductorMessage.Done when !_playing:
                _playing = true;
                foreach (IActorRef asker in _awaitingStart) asker.Tell(Akka.Done.Instance);
                _awaitingStart.Clear();
                break;
            case ConductorMessage.Barrier barrier:
                OnBarrier(barrier);
                break;
            case ConductorMessage.AddressOf { Address: { } address } answer:
                OnAddress(answer.Role, address);
                break;
            case ConductorMessage.Failure failure:
                CarryOut(failure);
                break;
        }
    }

    private void OnBarrier(ConductorMessage.Barrier barrier)
    {
        if (!_playing)
        {
            Lose($"the controller refused this node: there is a {_role.Name} already");
            return;
        }
        if (_barrier is not { } waiting || waiting.Name != barrier.Name) return;
        _barrier = null;
        waiting.Asker.Tell(barrier.Op == BarrierOp.Succeeded
            ? Akka.Done.Instance
            : new Status.Failure(new TestConductorException(
                $"The barrier '{barrier.Name}' failed; the log of the first node says why.")));
    }

    // Addresses that are not known yet come later than those asked for afterwards.
    private void OnAddress(string role, Address address)
    {
        for (int left = _queries.Count; left > 0; left--)
        {
            (string Role, IActorRef Asker) query = _queries.Dequeue();
            if (query.Role == role) query.Asker.Tell(address);
            else _queries.Enqueue(query);
        }
    }

    private void CarryOut(ConductorMessage.Failure failure)
    {
        switch (failure.Kind)
        {
            case FailureKind.Throttle:
                Throttle(failure);
                break;
            case FailureKind.Exit:
                Environment.Exit(failure.ExitValue);
                break;
            case FailureKind.Shutdown:
                _system.Terminate();
                break;
            case FailureKind.ShutdownAbrupt:
                _system.Abort();
                break;
            default:
                // Akka.NET's player does nothing either.
                Say(ConductorMessage.Done.Instance);
                break;
        }
    }

    private void Throttle(ConductorMessage.Failure failure)
    {
        ThrottleMode mode = failure.RateMBit switch
        {
            < 0 => Unthrottled.Instance,
            0 => Blackhole.Instance,
            float rate => new TokenBucket(BurstBytes, rate * BytesPerMBit, 0, 0),
        };
        object command = new SetThrottle(failure.Target!, failure.Direction, mode);
        if (RARP.For(_system).Provider.Transport.ManagementCommand(command).Result)
        {
            Say(ConductorMessage.Done.Instance);
            return;
        }
        Lose("the conductor asked for a throttle, but the spec's MultiNodeConfig does not say TestTransport = true");
        _connection?.Close();
    }

    private void Say(ConductorMessage message) => _connection?.Send(message);

    private void Lose(string why)
    {
        if (_lost is not null) return;
        _lost = why;
        _log.Warning("No controller any more: {0}.", why);
        _connection?.Close();
        foreach (IActorRef asker in _awaitingStart) asker.Tell(Lost());
        _awaitingStart.Clear();
        _barrier?.Asker.Tell(Lost());
        _barrier = null;
        foreach ((_, IActorRef asker) in _queries) asker.Tell(Lost());
        _queries.Clear();
    }

    private Status.Failure Lost() =>
        new(new TestConductorException($"The line to the test's controller is lost: {_lost}."));

    /// <summary>Answered with Done when all nodes are there.</summary>
    public sealed record Start : INoSerializationVerificationNeeded;

    /// <summary>Answered with Done when all others have entered too.</summary>
    public sealed record Enter(string Name, TimeSpan Timeout) : INoSerializationVerificationNeeded;

    /// <summary>This node will not wait any longer, so that nobody should.</summary>
    public sealed record CallOff(string Name) : INoSerializationVerificationNeeded;

    /// <summary>Answered with the address of a node, once it is known.</summary>
    public sealed record GetAddress(string Role) : INoSerializationVerificationNeeded;

    private sealed record Dial : INoSerializationVerificationNeeded;

    private sealed record GiveUp : INoSerializationVerificationNeeded;
}
