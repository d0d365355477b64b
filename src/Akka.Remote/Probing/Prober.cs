using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Engine;
using Akka.Remote.Transport;
using Akka.Remote.Wire;

namespace Akka.Remote.Probing;

/// <summary>
/// Performs what <see cref="ProbeState"/> decides for the peers that are being asked: dials, writes, wakes up. It runs in
/// the switchboard's turns; only the reports are read from elsewhere.
/// </summary>
internal sealed class Prober(Remoting remoting, ProbeSettings settings)
{
    private readonly ConcurrentDictionary<(Address Peer, long Uid), ProbeReport> _reports = [];
    private readonly SortedDictionary<Address, Line> _lines = [];
    private bool _stopped;

    private bool IsBigEndian => remoting.Settings.Frames.BigEndian;

    /// <summary>How often this life of a peer has answered while it is being asked; 0 when it is not. Any thread.</summary>
    public long AnswersFrom(Address peer, long uid) =>
        _reports.TryGetValue((peer, uid), out ProbeReport? report) ? report.Answers : 0;

    /// <summary>Whether this life of a peer is being asked, and its silence proven. Any thread.</summary>
    public bool IsProvenSilent(Address peer, long uid) =>
        _reports.TryGetValue((peer, uid), out ProbeReport? report) && report.ProvenAt <= remoting.Now;

    /// <summary>Begins to ask; a peer that is being asked already is asked on. Runs in a turn.</summary>
    /// <param name="hasSecret">It has proved the cluster's secret.</param>
    public void Begin(Address peer, long uid, bool hasSecret)
    {
        if (_stopped || (_lines.TryGetValue(peer, out Line? known) && known.State.Uid == uid)) return;
        End(peer);
        (ProbeState state, ImmutableArray<ProbeEffect> effects) =
            ProbeState.Start(settings, uid, remoting.Now, Origin());
        Line line = new(peer, state, remoting.Seals.IsOwedBy(hasSecret));
        _lines.Add(peer, line);
        _reports[(peer, uid)] = line.Report;
        Perform(line, effects);
        Wake(line);
    }

    /// <summary>Asks no longer. Runs in a turn.</summary>
    public void End(Address peer)
    {
        if (!_lines.Remove(peer, out Line? line)) return;
        _reports.TryRemove((peer, line.State.Uid), out _);
        line.Waking?.Cancel();
        foreach (IConnection connection in line.Connections.Values) connection.Abort();
    }

    /// <summary>Asks nobody any more. Runs in a turn.</summary>
    public void Stop()
    {
        _stopped = true;
        foreach (Address peer in _lines.Keys.ToArray()) End(peer);
    }

    // With a secret, a number that no question had before; half of all numbers are left to count on.
    private long Origin() =>
        remoting.Nonce() is { Length: > 0 } nonce ? BinaryPrimitives.ReadInt64BigEndian(nonce) & (long.MaxValue >> 1) : 0;

    private void Post(Line line, ProbeInput input) => remoting.Switchboard.Post(() => Take(line, input));

    private bool IsWordOfPeer(Line line, in ProbeFrame answer) =>
        remoting.Seals.Accepts(answer, remoting.Self.Uid, line.IsSealed);

    private void Take(Line line, ProbeInput input)
    {
        if (!_lines.TryGetValue(line.Peer, out Line? present) || present != line) return;
        if (input is ProbeInput.Lost lost) line.Connections.Remove(lost.Connection);
        (line.State, ImmutableArray<ProbeEffect> effects) = line.State.Next(input, remoting.Now);
        Perform(line, effects);
        Wake(line);
    }

    private void Perform(Line line, ImmutableArray<ProbeEffect> effects)
    {
        foreach (ProbeEffect effect in effects)
        {
            switch (effect)
            {
                case ProbeEffect.Dial dial:
                    line.Connections[dial.Connection] = remoting.Network.Connect(
                        line.Peer.Host!, line.Peer.Port ?? 0, new Answers(this, line, dial.Connection));
                    break;
                case ProbeEffect.Abort abort:
                    if (line.Connections.Remove(abort.Connection, out IConnection? given)) given.Abort();
                    break;
                case ProbeEffect.Ask ask:
                    line.Connections[ask.Connection].Write(
                        remoting.Seals.Question(ask.Number, remoting.Self.Uid, line.IsSealed).ToFrame(IsBigEndian));
                    break;
                case ProbeEffect.Alive: line.Report.Answered(); break;
                case ProbeEffect.Refused: remoting.Switchboard.DoubtLinks(line.Peer, line.State.Uid); break;
            }
        }
        line.Report.Proven(line.State.ProvenAt);
    }

    // One timer per line. One that rings too early is harmless, so it is set anew only for an earlier moment.
    private void Wake(Line line)
    {
        if (line.WakeAt <= line.State.TickAt) return;
        line.Waking?.Cancel();
        line.WakeAt = line.State.TickAt;
        TimeSpan delay = TimeSpan.FromMilliseconds(Math.Max(0, line.WakeAt - remoting.Now));
        line.Waking = remoting.After(delay, () =>
        {
            line.WakeAt = long.MaxValue;
            Take(line, new ProbeInput.Tick());
        });
    }

    /// <summary>The asking of one peer.</summary>
    private sealed class Line(Address peer, ProbeState state, bool isSealed)
    {
        public Address Peer { get; } = peer;

        /// <summary>Questions go with the seal of the cluster secret, and answers without it are none.</summary>
        public bool IsSealed { get; } = isSealed;

        public ProbeState State { get; set; } = state;

        /// <summary>By their numbers; whoever is told of the end of one knows it no more.</summary>
        public SortedDictionary<int, IConnection> Connections { get; } = [];

        public ProbeReport Report { get; } = new();

        public ICancelable? Waking { get; set; }

        public long WakeAt { get; set; } = long.MaxValue;
    }

    /// <summary>Reads what comes on one connection. What is no answer ends it; one that lacks the seal is passed over,
    /// because a connection that is closed would excuse the silence of the peer that should have answered.</summary>
    private sealed class Answers(Prober prober, Line line, int number) : IConnectionHandler
    {
        public void OnOpened(IConnection connection) => prober.Post(line, new ProbeInput.Opened(number));

        public SequencePosition OnReceived(IConnection connection, ReadOnlySequence<byte> bytes)
        {
            FrameFormat format = ProbeFrame.FormatOf(prober.IsBigEndian);
            while (FrameCodec.TryRead(ref bytes, format, out ReadOnlySequence<byte> body, out FrameReject reject)
                || reject != FrameReject.None)
            {
                if (reject == FrameReject.None && ProbeFrame.TryRead(body.ToArray(), out ProbeFrame answer))
                {
                    if (prober.IsWordOfPeer(line, answer)) prober.Post(line, new ProbeInput.Answered(number, answer));
                    continue;
                }
                connection.Abort();
                return bytes.End;
            }
            return bytes.Start;
        }

        public void OnClosed(IConnection connection, CloseReason reason, string detail) =>
            prober.Post(line, new ProbeInput.Lost(number));
    }
}
