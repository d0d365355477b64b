using System.Collections.Concurrent;
using System.Text;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Engine;
using Akka.Event;
using Akka.Remote.Association;
using Akka.Remote.Probing;
using Akka.Remote.Transport.Adapters;
using Akka.Remote.Transport.Tls;
using Akka.Remote.Wire;
using Akka.Serialization;

namespace Akka.Remote.Transport;

/// <summary>
/// The remoting of one actor system: where it listens, who it is to others, and the way out and in for messages.
/// <code>
///   out   RemoteActorRef --Letter--> Outbox --(open)--> Outbound: serialize, frame --bytes--> Link --> network
///                                    Outbox --(none)--> Switchboard: dial
///   in    network --bytes--> Link: frames --WireEnvelope--> Inbound: resolve, deserialize --> recipient's mailbox
///                            Link: control, acks, system messages --> Switchboard
/// </code>
/// </summary>
internal sealed class Remoting
{
    /// <summary>Past this many, whom a peer's last connection led to is forgotten, and that it was reported missing; and who
    /// had system messages and has no connection is given up.</summary>
    public const int PeersRemembered = 10_000;

    private readonly ActorSystemImpl _system;
    private readonly ConcurrentDictionary<(Address Peer, long Uid), Receipts> _receipts = [];
    private readonly Outbound _outbound;
    private readonly ComplaintLog _complaints;
    private readonly List<IFrameJudge> _judges = [];
    private readonly long _startedAt;
    private readonly Lock _binding = new();
    private readonly HashSet<Address> _unreachable = [];
    private readonly HashSet<Address> _refusing = [];
    private IListener? _listener;

    public Remoting(ActorSystemImpl system, RemoteActorRefProvider provider, RemotingSettings settings)
    {
        _system = system;
        Provider = provider;
        Settings = settings;
        Log = Logging.GetLogger(system.EventStream, "remoting");
        _startedAt = Host.Time.GetTimestamp();
        _complaints = new ComplaintLog(Log, () => Now);
        _outbound = new Outbound(this);
        Outboxes = new Outboxes(peer => new Outbox(peer, this, settings.OutboundMessages), PeersRemembered);
        Host.Network.LookBeforeSleep(settings.LookBeforeSleep);
        Network = Adapt(settings.Tls is { } tls ? new TlsNetwork(Host.Network, Host.Executor, tls) : Host.Network);
        Seals = new ProbeSeals(settings.Association);
        Switchboard = new Switchboard(this, settings);
        Prober = settings.Probes is { } probes ? new Prober(this, probes) : null;
    }

    /// <summary>The host's network, with TLS and adapters around it as configured.</summary>
    public INetwork Network { get; }

    public EngineHost Host => _system.Host;

    public RemoteActorRefProvider Provider { get; }

    public RemotingSettings Settings { get; }

    public ILoggingAdapter Log { get; }

    public Switchboard Switchboard { get; }

    public Outboxes Outboxes { get; }

    /// <summary>Asks silent peers over connections of their own; null when that is turned off.</summary>
    public Prober? Prober { get; }

    /// <summary>Who may ask and answer on probe connections.</summary>
    public ProbeSeals Seals { get; }

    public WireLog? WireLog { get; private set; }

    /// <summary>Monotonic milliseconds.</summary>
    public long Now => (long)Host.Time.GetElapsedTime(_startedAt).TotalMilliseconds;

    /// <summary>What this system is called by others; known once it listens.</summary>
    public Address DefaultAddress { get; private set; } = null!;

    /// <summary>How this system introduces itself.</summary>
    public Handshake Self { get; private set; } = null!;

    /// <summary>Binds and starts to accept.</summary>
    /// <exception cref="RemoteTransportException">The endpoint cannot be bound; the message names it.</exception>
    /// <exception cref="ConfigurationException">Others would reach it, and nothing would keep strangers
    /// out.</exception>
    public void Listen()
    {
        if (!Settings.IsClosed && Network.ReachesOthers(Settings.BindHost)) ListenInsecurely();
        lock (_binding)
        {
            _listener = Bind();
            string host = Settings.PublicHost.Length > 0 ? Settings.PublicHost : Settings.BindHost;
            int port = Settings.PublicPort > 0 ? Settings.PublicPort : _listener.Port;
            DefaultAddress = new Address("akka." + Settings.Protocol, _system.Name, host, port);
            Self = new Handshake(
                _system.Name, DefaultAddress.Host!, port, Settings.Protocol, Provider.Uid, Settings.Offers);
            WireLog = OpenWireLog();
        }
        Publish(new RemotingListenEvent([DefaultAddress]));
    }

    /// <summary>Somebody may dial the moment the port is bound, before this system knows its own address.</summary>
    public void AwaitListening()
    {
        lock (_binding)
        {
            // Whoever bound the port has left it.
        }
    }

    /// <summary>Closes all connections in order; after <c>flush-wait-on-shutdown</c> those that are left, as they are. After
    /// <c>shutdown-timeout</c> nobody waits any more, whatever holds it up.</summary>
    public Task Shutdown()
    {
        TaskCompletionSource stopped = new();
        // Not in a turn of the switchboard, which may be what does not end.
        SerialTurns outside = new(Host.Executor, error => Log.Error(error, "Remoting failed at its end"));
        Cancelable limit = new(_system.Scheduler);
        _system.Scheduler.Advanced.ScheduleOnce(
            Settings.ShutdownTimeout, () => outside.Post(() => GiveUpShutdown(stopped)), limit);
        _listener?.Dispose();
        Outboxes.Stop();
        ICancelable deadline = After(Settings.FlushWait, Switchboard.Abort);
        Switchboard.PostStop(() =>
        {
            deadline.Cancel();
            WireLog?.Dispose();
            limit.Cancel();
            Publish(new RemotingShutdownEvent());
            stopped.TrySetResult();
        });
        return stopped.Task;
    }

    public void Send(SystemLetter letter) => Switchboard.PostSend(letter);

    public void Write(Link link, in Letter letter) => _outbound.Write(link, letter);

    public void Write(Link link, long sequence, SystemLetter letter) => _outbound.Write(link, sequence, letter);

    public void Bury(in Letter letter) => _system.DeadLetters.Tell(
        new DeadLetter(letter.Message, letter.Sender ?? _system.DeadLetters, letter.Recipient), letter.Sender);

    /// <summary>Runs on the switchboard after a while.</summary>
    public ICancelable After(TimeSpan delay, Action work)
    {
        Cancelable handle = new(_system.Scheduler);
        _system.Scheduler.Advanced.ScheduleOnce(delay, () => Switchboard.Post(work), handle);
        return handle;
    }

    /// <summary>Steers the adapters; false when none knows the command.</summary>
    public bool TryCommand(object command) => _judges.Any(judge => judge.TryCommand(command));

    public Inbound CreateInbound() => new(this);

    /// <summary>Bytes that nobody can foretell, for one proof of the secret; empty when there is none.</summary>
    public byte[] Nonce()
    {
        if (Settings.Association.Secret is null) return [];
        byte[] nonce = new byte[ClusterSecret.NonceBytes];
        Host.FillSecret(nonce);
        return nonce;
    }

    public Serializer SerializerOf(object message) => _system.Serialization.FindSerializerFor(message);

    public object? Read(byte[] body, int serializerId, string manifest) =>
        _system.Serialization.Deserialize(body, serializerId, manifest);

    public byte[] WirePathOf(IActorRef local) =>
        Encoding.UTF8.GetBytes(local.Path.ToSerializationFormatWithAddress(DefaultAddress));

    /// <summary>Logs what goes wrong message by message, but not each of a million times.</summary>
    public void Complain(string format, params object?[] arguments) => _complaints.Report(format, arguments);

    /// <summary>Lives of peers of which it is counted what came from them.</summary>
    public int CountedLives => _receipts.Count;

    /// <summary>What came from this life of a peer.</summary>
    public Receipts ReceiptsFrom(Address peer, long uid) => _receipts.GetOrAdd((peer, uid), _ => new Receipts());

    /// <summary>How often anything came from this life of a peer over the links that are open.</summary>
    public long CountFrom(Address peer, long uid) =>
        _receipts.TryGetValue((peer, uid), out Receipts? from) ? from.Count : 0;

    /// <summary>What the peer offers that is associated now at this address; without an association, nothing.</summary>
    public Offers OffersOf(Address peer) =>
        Outboxes.Find(peer)?.Open is { } link ? link.Offers : Offers.None;

    /// <summary>What this life of a peer has offered, though its connection may be gone; none if it was never
    /// written to.</summary>
    public Offers LastOffersOf(Address peer, long uid) =>
        Outboxes.Find(peer)?.Last is { } last && last.Uid == uid ? last.Offers : Offers.None;

    public void ForgetReceipts(Address peer, long uid) => _receipts.TryRemove((peer, uid), out _);

    public void ReportAssociated(Link link)
    {
        _unreachable.Remove(link.Peer!);
        link.IsReported = true;
        Publish(new AssociatedEvent(DefaultAddress, link.Peer!, !link.IsDialler));
    }

    public void ReportEnd(Link link, AssociationEffect.Ended ended, bool wasOpen)
    {
        // A second connection to the same peer is news of neither kind.
        if (wasOpen && link.IsReported) Publish(new DisassociatedEvent(DefaultAddress, link.Peer!, !link.IsDialler));
        // Who has no secret takes the link for open, until the peer that has one ends it.
        bool isRefusal = ended.Why == AssociationEnd.NoSecret;
        if (ended.Why == AssociationEnd.Local || (wasOpen && !isRefusal)) return;
        LogLevel level = LevelOnce(isRefusal ? _refusing : _unreachable, link.Peer!);
        RemoteTransportException cause = new($"No association with {link.Peer}: {ended.Detail}.");
        Publish(new AssociationErrorEvent(cause, DefaultAddress, link.Peer!, !link.IsDialler, level));
    }

    // A peer that stays away, or goes on refusing or being refused, is news once.
    private static LogLevel LevelOnce(HashSet<Address> known, Address peer)
    {
        if (known.Count == PeersRemembered && !known.Contains(peer)) known.Clear();
        return known.Add(peer) ? LogLevel.WarningLevel : LogLevel.DebugLevel;
    }

    public void ReportGated(Address peer, long milliseconds) =>
        Publish(new GatedEvent(peer, TimeSpan.FromMilliseconds(milliseconds)));

    public void ReportQuarantined(Address peer, long uid) => Publish(new QuarantinedEvent(peer, (int)uid));

    public void ReportQuarantinedLife(Address peer, long uid, bool isInbound)
    {
        QuarantinedLifeException cause = new($"No association with {peer}: its life with unique id {uid} is quarantined "
            + "here. Only a restart of that system, or of this one, mends this.");
        Publish(new AssociationErrorEvent(cause, DefaultAddress, peer, isInbound, LevelOnce(_refusing, peer)));
    }

    public void ReportQuarantinedBy(Address peer) => Publish(new ThisActorSystemQuarantinedEvent(DefaultAddress, peer));

    /// <summary>Tells all who watch actors there that they are gone.</summary>
    public void PublishAddressTerminated(Address peer) =>
        AddressTerminatedTopic.Get(_system).Publish(new AddressTerminated(peer));

    private void GiveUpShutdown(TaskCompletionSource stopped)
    {
        if (stopped.Task.IsCompleted) return;
        Log.Warning(
            "Remoting did not end within {0} (akka.remote.shutdown-timeout): connections that are left are cut, and what they "
            + "had queued is lost.", Settings.ShutdownTimeout);
        Switchboard.Post(Switchboard.Abort);
        stopped.TrySetResult();
    }

    // Each adapter of the list stands around those after it.
    private INetwork Adapt(INetwork network)
    {
        foreach (string name in Settings.Adapters.Reverse())
        {
            IFrameJudge judge = name == ThrottleTransportAdapter.Scheme
                ? new Throttler(() => (long)Host.Time.GetElapsedTime(_startedAt).TotalNanoseconds)
                : new Gremlin(Host.CreateRandom("gremlin"));
            _judges.Add(judge);
            network = new JudgedNetwork(network, judge, Settings.Frames, _system.Scheduler.Advanced.ScheduleOnce);
        }
        return network;
    }

    private WireLog? OpenWireLog()
    {
        if (Settings.WireLogFile.Length == 0) return null;
        try
        {
            return WireLog.Open(Settings.WireLogFile, DefaultAddress, Host.Time, _system.Serialization);
        }
        catch (ConfigurationException)
        {
            _listener!.Dispose();
            throw;
        }
    }

    private void ListenInsecurely()
    {
        string host = Settings.BindHost;
        if (!Settings.Insecure)
        {
            throw new ConfigurationException(
                $"Remoting may not listen at {host}: whoever reaches it could send messages and claim to be any node. "
                + "Give all nodes a cluster secret (akka.remote.secret or secret-file) or certificates "
                + "(akka.remote.dot-netty.tcp.enable-ssl), bind 127.0.0.1 (akka.remote.dot-netty.tcp.hostname), or "
                + "set akka.remote.insecure = on.");
        }
        _system.LoggersStarted += () => Log.Warning(
            "Listens at {0} with akka.remote.insecure = on: whoever reaches this port can send messages and claim to "
            + "be any node.", host);
    }

    private IListener Bind()
    {
        try
        {
            return Network.Listen(Settings.BindHost, Settings.BindPort, Switchboard.Accept);
        }
        catch (NetworkException error)
        {
            throw new RemoteTransportException(
                error.Message + " Set akka.remote.dot-netty.tcp.port to a free port, or to 0 for any.", error);
        }
    }

    private void Publish(RemotingLifecycleEvent news)
    {
        _system.EventStream.Publish(news);
        if (news.LogLevel() < Settings.LifecycleLevel) return;
        Log.Log(news.LogLevel(), cause: null, new LogMessage(Log.Formatter, "{0}", news));
    }
}
