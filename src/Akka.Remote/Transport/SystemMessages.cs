using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Remote.Association;
using Akka.Remote.Delivery;
using Akka.Remote.Wire;

namespace Akka.Remote.Transport;

/// <summary>A system message on its way out.</summary>
internal sealed record SystemLetter(ISystemMessage Message, RemoteActorRef Recipient);

/// <summary>A system message that came in; null when it could not be read, which is acknowledged all the same, or the
/// peer would send it for ever.</summary>
internal sealed record SystemDelivery(IInternalActorRef Recipient, ISystemMessage? Message);

/// <summary>
/// Reliable delivery of system messages, per peer: what waits, what is under way, what came. Owned by the switchboard.
/// An acknowledgement goes back at once, on the connection the message came on.
/// </summary>
/// <param name="hopeless">To be told of a peer that is given up, and why.</param>
/// <param name="surplus">To be told of a peer that is given up because too many are at rest.</param>
/// <param name="most">Of peers without a connection, for which something waits or for which nothing does.</param>
internal sealed class SystemMessages(
    Remoting remoting, RemotingSettings settings, Action<Address, long?, string> hopeless,
    Action<Address, long?> surplus, int most)
{
    // A peer that does not even take what is queued gets no repetitions on top.
    private const long QueuedBytesBeforeResend = 256 * 1024;

    private readonly Dictionary<Address, Conversation> _conversations = [];
    private readonly RestingPeers<Address> _resting = new(most);

    public int Count => _conversations.Count;

    public bool AnyPending => _conversations.Values.Any(each => each.Outgoing.Pending > 0);

    public bool HasPending(Address peer) =>
        _conversations.TryGetValue(peer, out var known) && known.Outgoing.Pending > 0;

    /// <summary>When the first of the peers without a connection will have been silent for too long; null when there is
    /// none.</summary>
    public long? EndOfPatience() => _conversations.Values
        .Where(each => each.Writer is null && each.IsUsed && each.Uid is not null)
        .Select(each => (long?)SilentUntil(each)).Min();

    /// <returns>True when there is no connection to send it on, and one is wanted.</returns>
    public bool Send(Address peer, SystemLetter letter)
    {
        Conversation conversation = With(peer);
        if (conversation.Outgoing.Pending == 0) conversation.WaitingSince = remoting.Now;
        if (!conversation.Outgoing.TryAdd(letter))
        {
            GiveUp(peer, conversation, $"{settings.SystemMessageBuffer} of them wait for acknowledgement");
            return false;
        }
        SendUnsent(conversation);
        Place(peer, conversation);
        return conversation.Writer is null;
    }

    /// <summary>From now on <paramref name="link"/> is where the peer is written to.</summary>
    public void Connected(Link link, long uid)
    {
        Conversation conversation = With(link.Peer!);
        if (conversation.Uid is { } before && before != uid) BeginAnew(conversation);
        conversation.Uid = uid;
        conversation.Writer = link;
        conversation.Outgoing.Rewind();
        conversation.LastContact = remoting.Now;
        Place(link.Peer!, conversation);
    }

    /// <summary>
    /// The peer has another life. What waited was meant for the former one, but for watches: they may have been meant for
    /// either, and must be answered. The new life says of an actor that it does not know that it is dead.
    /// </summary>
    private static void BeginAnew(Conversation conversation)
    {
        SystemLetter[] watches = [.. conversation.Outgoing.Waiting.Where(letter => letter.Message is Watch)];
        conversation.Outgoing.Reset();
        foreach (SystemLetter watch in watches) conversation.Outgoing.TryAdd(watch);
    }

    public void Disconnected(Address peer)
    {
        if (!_conversations.TryGetValue(peer, out Conversation? conversation)) return;
        // A dial that failed starts no new wait: the patience is for the whole time without a connection.
        if (conversation.Writer is null) return;
        conversation.Writer = null;
        conversation.WaitingSince = remoting.Now;
        conversation.LastContact = remoting.Now;
        // Addresses come from strangers too.
        if (conversation.IsUsed) Place(peer, conversation);
        else Remove(peer);
    }

    public void SendUnsent(Address peer) => SendUnsent(With(peer));

    public void ResendAll(Link link)
    {
        Conversation conversation = With(link.Peer!);
        if (conversation.Writer != link) return;
        foreach ((long sequence, SystemLetter letter) in conversation.Outgoing.Unacknowledged())
        {
            remoting.Write(link, sequence, letter);
        }
    }

    public void Received(Link link, long sequence, SystemDelivery delivery)
    {
        // What a life says late, after it was forgotten or another came in its place. A new life is written to before it is
        // read, so that its first word finds its uid here.
        long? life = _conversations.GetValueOrDefault(link.Peer!)?.Uid;
        if (life is null ? link.State.Phase == AssociationPhase.Ended : life != link.Uid) return;
        Conversation conversation = With(link.Peer!);
        conversation.Uid ??= link.Uid;
        conversation.LastContact = remoting.Now;
        if (conversation.Incoming is null || conversation.IncomingUid != link.Uid)
        {
            conversation.Incoming = new ReliableReceive<SystemDelivery>(settings.SystemMessageBuffer);
            conversation.IncomingUid = link.Uid;
        }
        foreach (SystemDelivery due in conversation.Incoming.Receive(sequence, delivery))
        {
            if (due.Message is not null) due.Recipient.SendSystemMessage(due.Message);
        }
        Place(link.Peer!, conversation, anew: true);
        // A peer that sends and never reads must not fill this side's memory; it will ask again for what it missed.
        if (link.Connection.QueuedBytes <= settings.OutboundBytes) link.Send(conversation.Incoming.Ack);
    }

    public void Acknowledged(Link link, Ack ack)
    {
        if (link.Peer is null || !_conversations.TryGetValue(link.Peer, out Conversation? conversation)) return;
        if (conversation.Uid != link.Uid) return;
        if (!conversation.Outgoing.TryAcknowledge(ack, out var missing))
        {
            GiveUp(link.Peer, conversation, $"its {ack} does not fit what was sent");
            return;
        }
        Place(link.Peer, conversation);
        if (conversation.Writer is not { } writer) return;
        foreach ((long sequence, SystemLetter letter) in missing) remoting.Write(writer, sequence, letter);
        SendUnsent(conversation);
    }

    /// <summary>What was meant for this life of the peer is of no use any more.</summary>
    public void Forget(Address peer, long uid)
    {
        if (!_conversations.TryGetValue(peer, out Conversation? conversation)) return;
        if (conversation.Uid == uid) Remove(peer);
    }

    /// <summary>This life has said farewell on its last connection, and will say and ask nothing more.</summary>
    public void ForgetIfDone(Address peer, long uid)
    {
        if (!HasPending(peer)) Forget(peer, uid);
    }

    public void Tick(long now)
    {
        // There may be thousands that only wait for their silence to have lasted.
        var due = _conversations.Where(each => each.Value.Outgoing.Pending > 0 || IsSilentForLong(each.Value, now));
        foreach ((Address peer, Conversation conversation) in due.OrderBy(each => each.Key).ToArray())
        {
            if (conversation.Writer is { } writer) Resend(conversation, writer, now);
            else CheckPatience(peer, conversation, now);
        }
    }

    private void Resend(Conversation conversation, Link writer, long now)
    {
        if (conversation.Outgoing.Pending == 0) return;
        if (now - conversation.LastResend < settings.ResendInterval.TotalMilliseconds) return;
        if (writer.Connection.QueuedBytes > QueuedBytesBeforeResend) return;
        conversation.LastResend = now;
        foreach ((long sequence, SystemLetter letter) in conversation.Outgoing.Unacknowledged())
        {
            remoting.Write(writer, sequence, letter);
        }
    }

    private void CheckPatience(Address peer, Conversation conversation, long now)
    {
        bool waiting = conversation.Outgoing.Pending > 0;
        if (waiting && now - conversation.WaitingSince > settings.InitialDeliveryTimeout.TotalMilliseconds)
        {
            GiveUp(peer, conversation, $"it could not be reached for {settings.InitialDeliveryTimeout}");
        }
        else if (conversation.Uid is { } uid && IsSilentForLong(conversation, now))
        {
            hopeless(peer, uid, $"nothing was heard of it for {settings.SilenceBeforeQuarantine}");
        }
    }

    private bool IsSilentForLong(Conversation conversation, long now) =>
        conversation is { Writer: null, Uid: not null, IsUsed: true } && now >= SilentUntil(conversation);

    private long SilentUntil(Conversation conversation) =>
        conversation.LastContact + (long)settings.SilenceBeforeQuarantine.TotalMilliseconds;

    private void GiveUp(Address peer, Conversation conversation, string why)
    {
        long? uid = conversation.Uid;
        conversation.Outgoing.Reset();
        if (uid is null) Remove(peer);
        hopeless(peer, uid, why);
    }

    private void SendUnsent(Conversation conversation)
    {
        if (conversation.Writer is not { } writer) return;
        var due = conversation.Outgoing.TakeUnsent();
        if (!due.IsEmpty) conversation.LastResend = remoting.Now;
        foreach ((long sequence, SystemLetter letter) in due) remoting.Write(writer, sequence, letter);
    }

    private void Remove(Address peer)
    {
        _conversations.Remove(peer);
        _resting.Leave(peer);
    }

    // Whoever is one too many is given up in a turn of its own: this one may be about its connections.
    private void Place(Address peer, Conversation conversation, bool anew = false)
    {
        if (conversation.Writer is not null) _resting.Leave(peer);
        else if (_resting.Rests(peer, conversation.Outgoing.Pending > 0, anew, out Address? oldest))
            remoting.Switchboard.Post(() => GiveUpSurplus(oldest));
    }

    private void GiveUpSurplus(Address peer)
    {
        if (!_conversations.TryGetValue(peer, out Conversation? conversation) || conversation.Writer is not null) return;
        Remove(peer);
        surplus(peer, conversation.Uid);
    }

    private Conversation With(Address peer)
    {
        if (_conversations.TryGetValue(peer, out Conversation? known)) return known;
        Conversation conversation = new(settings.SystemMessageBuffer, settings.ResendLimit);
        _conversations.Add(peer, conversation);
        return conversation;
    }

    private sealed class Conversation(int capacity, int window)
    {
        public ReliableSend<SystemLetter> Outgoing { get; } = new(capacity, window);

        public ReliableReceive<SystemDelivery>? Incoming { get; set; }

        public long IncomingUid { get; set; }

        /// <summary>The life of the peer that <see cref="Outgoing"/> counts for; null until a handshake told
        /// it.</summary>
        public long? Uid { get; set; }

        /// <summary>System messages went to this life or came from it.</summary>
        public bool IsUsed => Incoming is not null || Outgoing.IsUsed;

        public Link? Writer { get; set; }

        public long WaitingSince { get; set; }

        public long LastContact { get; set; }

        public long LastResend { get; set; }
    }
}
