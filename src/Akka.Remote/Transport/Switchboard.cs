using System.Collections.Immutable;
using System.Net;
using Akka.Actor;
using Akka.Engine;
using Akka.Event;
using Akka.Remote.Association;
using Akka.Remote.Endpoints;
using Akka.Remote.Probing;
using Akka.Remote.Wire;

namespace Akka.Remote.Transport;

/// <summary>
/// Owns everything about connections that is decided rather than done: the links and their conversations, the registry
/// that says which link is for what, and reliable delivery. All of it runs in serial turns; the pure parts decide, and
/// this performs.
/// </summary>
internal sealed class Switchboard
{
    private readonly Remoting _remoting;
    private readonly RemotingSettings _settings;
    private readonly SerialTurns _turns;
    private readonly EndpointRegistry _registry;
    private readonly SystemMessages _systemMessages;
    private readonly SortedDictionary<int, Link> _links = [];
    private readonly HashSet<Address> _abandoned = [];
    private readonly StrangerLog _strangers;
    private readonly Doorman _doorman;
    private readonly ProbeDesk _probes;
    private readonly byte[] _refusal;

    // Numbers of dialled links count up, of accepted ones down: two sources that cannot collide.
    private int _lastAccepted;
    private bool _ticking;
    private bool _waitsForSilence;
    private bool _stopping;
    private Action? _stopped;

    public Switchboard(Remoting remoting, RemotingSettings settings)
    {
        _remoting = remoting;
        _settings = settings;
        _turns =
            new SerialTurns(remoting.Host.Executor, error => remoting.Log.Error(error, "Remoting failed in a turn"));
        _registry = new EndpointRegistry(settings.Endpoints);
        _systemMessages = new SystemMessages(remoting, settings, Hopeless, Surplus, Remoting.PeersRemembered);
        _strangers = new StrangerLog(remoting.Log);
        _doorman = new Doorman(settings.Limits);
        _refusal = ControlCodec.Frame(new Control(ControlCommand.Disassociate), settings.Frames.BigEndian);
        _probes = new ProbeDesk(remoting, uid => _registry.IsQuarantined(uid, Now));
    }

    /// <summary>Whether connections that only ask are answered.</summary>
    public bool AnswersProbes => _settings.Probes is not null;

    /// <summary>Whether this question is answered. Any thread.</summary>
    public bool Admits(in ProbeFrame question) => AnswersProbes && _remoting.Seals.Admits(question);

    /// <summary>Peers of which something is known that system messages need. To be asked in a turn.</summary>
    public int Conversations => _systemMessages.Count;

    private long Now => _remoting.Now;

    public void Post(Action work) => _turns.Post(work);

    public void Post(LinkInput input) => _turns.Post(() => Handle(input.Link, input.Input));

    public void PostAck(Link link, Ack ack) => _turns.Post(() => _systemMessages.Acknowledged(link, ack));

    public void PostSystemMessage(Link link, long sequence, SystemDelivery delivery) =>
        _turns.Post(() => _systemMessages.Received(link, sequence, delivery));

    /// <summary>The first message came over this link; what follows waits until it is judged, so that an answer goes out
    /// where it should.</summary>
    public void PostSpoke(Link link, byte[] first) => _turns.Post(() =>
    {
        try
        {
            Perform(_registry.Spoke(link.Number, Now));
        }
        finally
        {
            // To read it may take long: not in a turn, which all connections wait for.
            _remoting.Host.Executor.Execute(new FirstMessage(link, first));
        }
    });

    /// <summary>A link turned out to be a probe connection, or asks again on one: it is no link any more.</summary>
    public void PostProbe(Link link, ProbeFrame question) => _turns.Post(() =>
    {
        if (_links.Remove(link.Number)) LetIn(link);
        if (_stopping) link.Connection.Abort();
        else _probes.Asked(link, question);
    });

    public void PostProbesEnd() => _turns.Post(_probes.FallSilent);

    /// <summary>This life of a peer says on a connection that only asks that it has quarantined this one. On such a
    /// connection, without a cluster secret, anybody could say so: the peer is dialled anew, and says it again or does
    /// not. The present connection would have brought it, if it brought anything. Runs in a turn.</summary>
    public void DoubtLinks(Address peer, long uid)
    {
        Link[] doubtful =
            [.. _links.Values.Where(link => link.IsGreeted && link.Uid == uid && peer.Equals(link.Peer))];
        foreach (Link link in doubtful) link.Connection.Abort();
    }

    public void PostProbeClosed(Link link) => _turns.Post(() =>
    {
        _probes.Closed(link);
        _doorman.Left(link.From, link.IsGreeted);
    });

    public void PostWanted(Address peer) => _turns.Post(() => Want(peer));

    public void PostSend(SystemLetter letter) => _turns.Post(() =>
    {
        Address peer = letter.Recipient.Path.Address;
        if (_systemMessages.Send(peer, letter)) Want(peer);
        EnsureTicking();
    });

    /// <summary>Lifts the gate of the peer, if there is one, and then sends.</summary>
    public void PostWithoutGate(Address peer, Action send) => _turns.Post(() =>
    {
        if (!Volatile.Read(ref _stopping)) Perform(_registry.LiftGate(peer));
        send();
    });

    public void PostQuarantine(Address peer, long? uid) => _turns.Post(() => Quarantine(peer, uid));

    /// <summary>Takes a new connection from the listener's thread. One that is not let in is told so: an Akka.NET peer whose
    /// connection is closed without a word notices nothing for 15 s, and takes none from here as long. With TLS it
    /// hears nothing: there nothing is said before the certificates were seen.</summary>
    public IConnectionHandler? Accept(IConnection connection)
    {
        if (Volatile.Read(ref _stopping))
        {
            connection.Write(_refusal);
            return null;
        }
        _remoting.AwaitListening();
        EndPoint? from = connection.RemoteEndPoint;
        if (!_doorman.TryEnter(from, out string refusal))
        {
            AssociationEffect.Ended ended = new(AssociationEnd.TooMany, refusal);
            _turns.Post(() => _strangers.Report(from, ended, Now));
            connection.Write(_refusal);
            return null;
        }
        Link link =
            new(Interlocked.Decrement(ref _lastAccepted), isDialler: false, this, _settings.Frames, _remoting.WireLog)
        {
            Connection = connection,
            From = from,
        };
        AssociationState state =
            AssociationState.Accepted(_remoting.Self, _settings.Association, Now, _remoting.Nonce());
        _turns.Post(() => Register(link, state));
        return link;
    }

    public void PostAbandon(Address peer) => _turns.Post(() => _abandoned.Add(peer));

    /// <summary>Says farewell on all links, after what is queued was written, and calls back when the last is
    /// closed.</summary>
    public void PostStop(Action stopped) => _turns.Post(() =>
    {
        Volatile.Write(ref _stopping, true);
        _stopped = stopped;
        _probes.Stop();
        _remoting.Prober?.Stop();
        foreach (Link link in _links.Values.ToArray())
        {
            if (link.Peer is { } peer && _abandoned.Contains(peer))
            {
                // The last words would wait for acknowledgement from a machine that does not answer.
                link.Connection.Abort();
                continue;
            }
            if (link.State.Phase == AssociationPhase.Open) _systemMessages.ResendAll(link);
            Handle(link, new AssociationInput.Disassociate(ControlCommand.DisassociateShuttingDown));
        }
        FinishStop();
    });

    /// <summary>Closes what the farewell left open. Runs in a turn.</summary>
    public void Abort()
    {
        foreach (Link link in _links.Values.ToArray()) link.Connection.Abort();
        _links.Clear();
        FinishStop();
    }

    private void Register(Link link, AssociationState state)
    {
        link.State = state;
        _links[link.Number] = link;
        EnsureTicking();
    }

    private void Want(Address peer)
    {
        if (!Volatile.Read(ref _stopping)) Perform(_registry.Wanted(peer, Now));
    }

    private void Quarantine(Address peer, long? uid)
    {
        if (uid is { } life) _systemMessages.Forget(peer, life);
        Perform(_registry.Quarantine(peer, uid, Now));
    }

    private void Hopeless(Address peer, long? uid, string why)
    {
        _remoting.Log.Error(
            "System messages to {0} cannot be delivered: {1}. It is quarantined; only its restart mends this.",
            peer, why);
        Quarantine(peer, uid);
        _remoting.PublishAddressTerminated(peer);
    }

    // Of a peer that would come back with other numbers than are known here no system message could be believed.
    private void Surplus(Address peer, long? uid)
    {
        _remoting.Complain("{0} is given up, and its life quarantined if it is known: it has no connection, and of {1} others "
            + "like it that had system messages, or for which some wait, more was heard since.", peer, Remoting.PeersRemembered);
        Quarantine(peer, uid);
        _remoting.PublishAddressTerminated(peer);
    }

    private void Handle(Link link, AssociationInput input)
    {
        (link.State, ImmutableArray<AssociationEffect> effects) = link.State.Next(input, Now);
        foreach (AssociationEffect effect in effects) Perform(link, effect);
        if (input is not AssociationInput.Lost || !_links.Remove(link.Number)) return;
        if (!link.IsDialler) _doorman.Left(link.From, link.IsGreeted);
        FinishStop();
    }

    private void Perform(Link link, AssociationEffect effect)
    {
        switch (effect)
        {
            case AssociationEffect.Send send:
                link.Send(send.Control);
                break;
            case AssociationEffect.Close:
                link.ReadNothing();
                link.Connection.Close();
                break;
            case AssociationEffect.Abort:
                link.Connection.Abort();
                break;
            case AssociationEffect.ReadOn:
                link.Connection.Resume();
                break;
            case AssociationEffect.Established established:
                OnEstablished(link, established.Peer);
                break;
            case AssociationEffect.Ended ended:
                OnEnded(link, ended);
                break;
        }
    }

    private void OnEstablished(Link link, Handshake peer)
    {
        (link.Uid, link.Offers) = (peer.Uid, peer.Offers);
        link.PartBytes = peer.Offers.HasFlag(Offers.Fragments) ? _remoting.Settings.FragmentBytes : 0;
        LetIn(link);
        if (link.IsDialler)
        {
            link.Receipts = _remoting.ReceiptsFrom(link.Peer!, peer.Uid);
            Perform(_registry.Dialled(link.Number, peer.Uid, Now));
            return;
        }
        link.Peer = peer.Address;
        if (link.Peer == _remoting.DefaultAddress)
        {
            Handle(link, new AssociationInput.Violation("a peer that claims to be this system"));
            return;
        }
        link.Receipts = _remoting.ReceiptsFrom(link.Peer, peer.Uid);
        Perform(_registry.Inbound(link.Number, link.Peer, peer.Uid, Now));
    }

    // Who has said what it wants is no stranger that might keep others out.
    private void LetIn(Link link)
    {
        if (!link.IsDialler) _doorman.Greeted(link.From);
        link.IsGreeted = true;
    }

    private void OnEnded(Link link, AssociationEffect.Ended ended)
    {
        IReadOnlyList<EndpointEffect> effects = _registry.Lost(link.Number, ended.Why, Now);
        if (link.Peer is not null && IsLastOfItsLife(link))
        {
            _remoting.ForgetReceipts(link.Peer, link.Uid);
            if (ended.Why == AssociationEnd.PeerShutDown) _systemMessages.ForgetIfDone(link.Peer, link.Uid);
        }
        if (link.Peer is null) ReportStranger(link, ended);
        else _remoting.ReportEnd(link, ended, wasOpen: link.IsGreeted);
        if (ended.Why == AssociationEnd.PeerShutDown && link.Peer is { } peer) OnPeerShutDown(peer, link.Uid);
        Perform(effects);
    }

    // Others that have ended may be there still, until their connections are closed.
    private bool IsLastOfItsLife(Link link) => !_links.Values.Any(other => other != link
        && other.State.Phase != AssociationPhase.Ended && other.Uid == link.Uid && other.Peer == link.Peer);

    // Who watches there watches the life that is talked to. A farewell may come late, on a connection that the former
    // life had dialled.
    private void OnPeerShutDown(Address peer, long uid)
    {
        if (_registry.LifeAt(peer) is not { } life || life == uid) _remoting.PublishAddressTerminated(peer);
    }

    // Peers drop probe connections that are not answered in time, and the question or the end may be lost on the way.
    private void ReportStranger(Link link, AssociationEffect.Ended ended)
    {
        EndPoint? from = link.Connection.RemoteEndPoint;
        bool isDropped = ended.Why == AssociationEnd.Unknown
            || (ended.Why == AssociationEnd.HandshakeTimeout && IsHostOfPeer(from));
        if (link.IsMute && isDropped) _remoting.Log.Debug("A connection from {0} said nothing: {1}.", from, ended.Detail);
        else _strangers.Report(from, ended, Now);
    }

    private bool IsHostOfPeer(EndPoint? from) => from is IPEndPoint { Address: var host } && _links.Values.Any(
        link => link.IsGreeted && link.Connection.RemoteEndPoint is IPEndPoint peer && peer.Address.Equals(host));

    private void Perform(IReadOnlyList<EndpointEffect> effects)
    {
        foreach (EndpointEffect effect in effects) Perform(effect);
    }

    private void Perform(EndpointEffect effect)
    {
        switch (effect)
        {
            case EndpointEffect.Dial dial:
                // Each that ends makes room for one more, and at the end nobody is dialled.
                if (!_stopping) Dial(dial.Peer, dial.Link);
                break;
            case EndpointEffect.TooMany surplus:
                OnTooMany(surplus.Peer);
                break;
            case EndpointEffect.WriteOn write:
                OnWriteOn(write);
                break;
            case EndpointEffect.ReadFrom read:
                _links[read.Link].ReadMessages(_remoting.CreateInbound());
                break;
            case EndpointEffect.Ignore late:
                Ignore(late.Link);
                break;
            case EndpointEffect.End end:
                if (_links.TryGetValue(end.Link, out Link? link)) Handle(link,
                    new AssociationInput.Disassociate(end.Farewell));
                break;
            case EndpointEffect.Gate gate:
                OnGate(gate);
                break;
            case EndpointEffect.Idle idle:
                OnIdle(idle.Peer);
                break;
            case EndpointEffect.Quarantined quarantined:
                _remoting.ReportQuarantined(quarantined.Peer, quarantined.Uid);
                break;
            case EndpointEffect.IsQuarantined answers:
                _remoting.ReportQuarantinedLife(answers.Peer, answers.Uid, answers.IsInbound);
                break;
            case EndpointEffect.QuarantinedByPeer refused:
                _remoting.ReportQuarantinedBy(refused.Peer);
                break;
        }
    }

    private void Ignore(int number)
    {
        if (!_links.TryGetValue(number, out Link? link)) return;
        link.IgnoreMessages();
        _remoting.Log.Debug(
            "{0} writes on a connection that it dialled since: what it had written on the one before, and comes now, is "
            + "dropped, for it would come after what was said later.", link.Peer);
    }

    private void Dial(Address peer, int number)
    {
        Link link = new(number, isDialler: true, this, _settings.Frames, _remoting.WireLog) { Peer = peer };
        Register(link, AssociationState.Dialling(_remoting.Self, _settings.Association, Now, _remoting.Nonce(), peer));
        _remoting.Outboxes.Of(peer).Wait();
        link.Connection = _remoting.Network.Connect(peer.Host!, peer.Port ?? 0, link);
    }

    private void OnTooMany(Address peer)
    {
        _remoting.Complain("Messages to {0} are dead letters: {1} addresses wait to be dialled, and {2} are being dialled "
            + "(limits.dials).", peer, DialTurns.MostWaiting, _settings.Endpoints.Dials);
        Outbox outbox = _remoting.Outboxes.Of(peer);
        outbox.GiveUpLetters();
        _remoting.Outboxes.Rest(outbox);
    }

    private void OnWriteOn(EndpointEffect.WriteOn write)
    {
        Link link = _links[write.Link];
        _systemMessages.Connected(link, write.Uid);
        _remoting.ReportAssociated(link);
        _remoting.Outboxes.Of(write.Peer).OpenOn(link);
        _systemMessages.SendUnsent(write.Peer);
    }

    private void OnGate(EndpointEffect.Gate gate)
    {
        _systemMessages.Disconnected(gate.Peer);
        _remoting.Outboxes.Of(gate.Peer).Gate();
        // A short gate may be over before a busy machine comes here.
        long left = Math.Max(0, gate.Until - Now);
        _remoting.ReportGated(gate.Peer, left);
        _remoting.After(TimeSpan.FromMilliseconds(left), () => Perform(_registry.GateOver(gate.Peer, Now)));
    }

    private void OnIdle(Address peer)
    {
        _systemMessages.Disconnected(peer);
        Outbox outbox = _remoting.Outboxes.Of(peer);
        bool wanted = outbox.Idle();
        if (wanted || _systemMessages.HasPending(peer)) Want(peer);
        else _remoting.Outboxes.Rest(outbox);
    }

    // One timer for all links: heartbeats, deadlines, resends. It runs only while there is something to watch, so that
    // an idle system makes no turns.
    private void EnsureTicking()
    {
        if (_ticking) return;
        _ticking = true;
        _remoting.After(_settings.Tick, Tick);
    }

    private void Tick()
    {
        _ticking = false;
        foreach (Link link in _links.Values.ToArray()) Handle(link, new AssociationInput.Tick(link.TakeHeard()));
        _systemMessages.Tick(Now);
        if (_links.Count > 0 || _systemMessages.AnyPending) EnsureTicking();
        else WaitForSilence();
    }

    // A peer that stays away is silent for too long once, days from now. Who comes later is silent later.
    private void WaitForSilence()
    {
        if (_stopping || _waitsForSilence || _systemMessages.EndOfPatience() is not { } until) return;
        _waitsForSilence = true;
        _remoting.After(TimeSpan.FromMilliseconds(Math.Max(0, until - Now)), () =>
        {
            _waitsForSilence = false;
            if (!_ticking) Tick();
        });
    }

    private sealed class FirstMessage(Link link, byte[] first) : IThreadPoolWorkItem
    {
        public void Execute() => link.ReadOn(first);
    }

    private void FinishStop()
    {
        if (_stopped is null || _links.Count > 0) return;
        Action stopped = _stopped;
        _stopped = null;
        stopped();
    }
}
