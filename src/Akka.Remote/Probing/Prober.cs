using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Engine;
using Akka.Remote.Transport;
using Akka.Remote.Wire;

namespace Akka.Remote.Probing;

/// <summary>
/// Performs what <see cref="ProbeState"/> decides for the peers that are being asked: dials, writes, wakes up. It runs in
/// the switchboard's turns; only the count of answers is read from elsewhere.
/// </summary>
internal sealed class Prober(Remoting remoting, ProbeSettings settings)
{
    private readonly ConcurrentDictionary<(Address Peer, long Uid), Receipts> _answers = [];
    private readonly SortedDictionary<Address, Line> _lines = [];
    private bool _stopped;

    private bool IsBigEndian => remoting.Settings.Frames.BigEndian;

    /// <summary>How often this life of a peer has answered while it is being asked; 0 when it is not. Any thread.</summary>
    public long AnswersFrom(Address peer, long uid) =>
        _answers.TryGetValue((peer, uid), out Receipts? answers) ? answers.Count : 0;

    /// <summary>Begins to ask; a peer that is being asked already is asked on. Runs in a turn.</summary>
    public void Begin(Address peer, long uid)
    {
        if (_stopped || (_lines.TryGetValue(peer, out Line? known) && known.State.Uid == uid)) return;
        End(peer);
        (ProbeState state, ImmutableArray<ProbeEffect> effects) = ProbeState.Start(settings, uid, remoting.Now);
        Line line = new(peer, state);
        _lines.Add(peer, line);
        _answers[(peer, uid)] = new Receipts();
        Perform(line, effects);
        Wake(line);
    }

    /// <summary>Asks no longer. Runs in a turn.</summary>
    public void End(Address peer)
    {
        if (!_lines.Remove(peer, out Line? line)) return;
        _answers.TryRemove((peer, line.State.Uid), out _);
        line.Waking?.Cancel();
        line.Connection?.Abort();
    }

    /// <summary>Asks nobody any more. Runs in a turn.</summary>
    public void Stop()
    {
        _stopped = true;
        foreach (Address peer in _lines.Keys.ToArray()) End(peer);
    }

    private void Post(Line line, ProbeInput input) => remoting.Switchboard.Post(() => Take(line, input));

    private void Take(Line line, ProbeInput input)
    {
        if (!_lines.TryGetValue(line.Peer, out Line? present) || present != line) return;
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
                    line.Connection = remoting.Network.Connect(
                        line.Peer.Host!, line.Peer.Port ?? 0, new Answers(this, line, dial.Connection));
                    break;
                case ProbeEffect.Abort: line.Connection?.Abort(); break;
                case ProbeEffect.Ask ask:
                    line.Connection?.Write(new ProbeFrame(ask.Number, null).ToFrame(IsBigEndian));
                    break;
                case ProbeEffect.Alive: _answers[(line.Peer, line.State.Uid)].Add(); break;
            }
        }
    }

    // One timer per line. One that rings too early is harmless, so it is set anew only for an earlier moment.
    private void Wake(Line line)
    {
        if (line.WakeAt <= line.State.WakeAt) return;
        line.Waking?.Cancel();
        line.WakeAt = line.State.WakeAt;
        TimeSpan delay = TimeSpan.FromMilliseconds(Math.Max(0, line.WakeAt - remoting.Now));
        line.Waking = remoting.After(delay, () =>
        {
            line.WakeAt = long.MaxValue;
            Take(line, new ProbeInput.Tick());
        });
    }

    /// <summary>The asking of one peer.</summary>
    private sealed class Line(Address peer, ProbeState state)
    {
        public Address Peer { get; } = peer;

        public ProbeState State { get; set; } = state;

        public IConnection? Connection { get; set; }

        public ICancelable? Waking { get; set; }

        public long WakeAt { get; set; } = long.MaxValue;
    }

    /// <summary>Reads what comes on one connection. What is no answer ends it.</summary>
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
                    prober.Post(line, new ProbeInput.Answered(number, answer));
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
