using Akka.Actor;
using Akka.Remote.Wire;

namespace Akka.Remote.Transport;

/// <summary>A message on its way to the wire, not serialized yet.</summary>
internal readonly record struct Letter(object Message, IActorRef? Sender, RemoteActorRef Recipient)
{
    /// <summary>Whether it overtakes the users' letters (see <see cref="Priority"/>).</summary>
    public bool IsControl => Recipient.IsControl || Priority.Concerns(Message);
}

/// <summary>
/// What senders see of one peer. While a connection is open the sender serializes and writes on its own thread; before
/// that letters wait here; behind a gate they are dead letters.
/// <code>
///   idle --Send--> waiting (somebody dials) --OpenOn--> open       letters that waited are written first
///   any  --Gate--> gated   --Idle--> idle                          letters that waited are dead letters
///   waiting (too many are dialled) --GiveUpLetters--> idle          as are these
///   idle --TryGiveUp--> given up                                    letters are refused; see Outboxes
///   any  --Stop--> stopped
/// </code>
/// Letters wait in two lanes, as bytes do on the connection: heartbeats and gossip neither stand behind the users' letters
/// nor find the queue full of them.
/// The outbound queue of the rules of shared memory: here and nowhere else in remoting do senders and the switchboard
/// meet.
/// </summary>
internal sealed class Outbox(Address peer, Remoting remoting, int capacity)
{
    // Between two looks at the other lane: what a thread serializes in some tenths of a millisecond.
    private const int LettersPerTurn = 128;

    private readonly Lock _gate = new();
    private readonly Queue<Letter> _waiting = [];
    private readonly Queue<Letter> _waitingControl = [];
    private Mode _mode;
    private Link? _open;
    private Acquaintance? _last;

    private enum Mode
    {
        Idle,
        Waiting,
        Open,
        Gated,
        GivenUp,
        Stopped,
    }

    public Address Peer { get; } = peer;

    /// <summary>Among the outboxes at rest.</summary>
    public LinkedListNode<Outbox> Place => field ??= new LinkedListNode<Outbox>(this);

    /// <summary>The connection that is written on now, if any.</summary>
    public Link? Open => Volatile.Read(ref _open);

    /// <summary>Whom the last connection led to, open or not; null before the first.</summary>
    public Acquaintance? Last => Volatile.Read(ref _last);

    /// <summary>Sends at once, or keeps for later, or buries.</summary>
    /// <returns>False when this outbox was given up: nothing happened to the letter, another outbox takes it.</returns>
    public bool TrySend(in Letter letter)
    {
        Link? link = Open;
        if (link is null && !TryKeep(letter, out link)) return false;
        if (link is not null) remoting.Write(link, letter);
        return true;
    }

    /// <summary>A connection is open: writes what waited, control first, then lets senders write themselves. The order of
    /// one sender's letters survives, because nobody writes before the queue is seen empty under the lock.</summary>
    public void OpenOn(Link link)
    {
        Volatile.Write(ref _last, new Acquaintance(link.Uid, link.Offers));
        while (true)
        {
            Letter[] batch;
            lock (_gate)
            {
                if (_mode == Mode.Stopped) return;
                _mode = Mode.Waiting;
                Volatile.Write(ref _open, null);
                batch = TakeTurnLocked();
                if (batch.Length == 0)
                {
                    _mode = Mode.Open;
                    Volatile.Write(ref _open, link);
                    return;
                }
            }
            foreach (Letter letter in batch) remoting.Write(link, letter);
        }
    }

    /// <summary>Somebody dials: letters wait.</summary>
    public void Wait() => Change(Mode.Waiting, bury: false);

    public void Gate() => Change(Mode.Gated, bury: true);

    /// <summary>Nobody dials, and what waits is dead letters; the next letter asks again.</summary>
    public void GiveUpLetters() => Change(Mode.Idle, bury: true);

    public void Stop() => Change(Mode.Stopped, bury: true);

    /// <summary>Neither connection nor gate. Letters that wait still want one.</summary>
    /// <returns>True when some do.</returns>
    public bool Idle()
    {
        lock (_gate)
        {
            if (_mode == Mode.Stopped) return false;
            bool wanted = _waiting.Count > 0 || _waitingControl.Count > 0;
            _mode = wanted ? Mode.Waiting : Mode.Idle;
            Volatile.Write(ref _open, null);
            if (wanted) return true;
            // What it held in bad times is not needed at rest.
            _waiting.TrimExcess();
            _waitingControl.TrimExcess();
            return false;
        }
    }

    /// <summary>Ends it, if it is idle: then nothing waits in it.</summary>
    public bool TryGiveUp()
    {
        lock (_gate)
        {
            if (_mode != Mode.Idle) return false;
            _mode = Mode.GivenUp;
            return true;
        }
    }

    // The link is one that was opened in the meantime.
    private bool TryKeep(in Letter letter, out Link? link)
    {
        link = null;
        bool dial = false;
        lock (_gate)
        {
            if (_mode == Mode.GivenUp) return false;
            if (_mode == Mode.Open)
            {
                link = _open;
                return true;
            }
            Queue<Letter> lane = letter.IsControl ? _waitingControl : _waiting;
            bool room = lane.Count < capacity;
            if (_mode is Mode.Idle or Mode.Waiting && room)
            {
                dial = _mode == Mode.Idle;
                _mode = Mode.Waiting;
                lane.Enqueue(letter);
                if (!dial) return true;
            }
        }
        if (dial) remoting.Switchboard.PostWanted(Peer);
        else remoting.Bury(letter);
        return true;
    }

    private void Change(Mode mode, bool bury)
    {
        Letter[] buried = [];
        lock (_gate)
        {
            if (_mode is Mode.Stopped or Mode.GivenUp) return;
            _mode = mode;
            Volatile.Write(ref _open, null);
            if (bury)
            {
                buried = [.. _waitingControl, .. _waiting];
                _waitingControl.Clear();
                _waiting.Clear();
            }
        }
        foreach (Letter letter in buried) remoting.Bury(letter);
    }

    private Letter[] TakeTurnLocked()
    {
        Queue<Letter> lane = _waitingControl.Count > 0 ? _waitingControl : _waiting;
        Letter[] batch = new Letter[Math.Min(lane.Count, LettersPerTurn)];
        for (int i = 0; i < batch.Length; i++) batch[i] = lane.Dequeue();
        return batch;
    }
}

/// <summary>A life of a peer that was written to.</summary>
internal sealed record Acquaintance(long Uid, Offers Offers);
