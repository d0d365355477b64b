using System.Globalization;
using System.Text;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.Remote.Wire;

namespace Akka.Remote.Transport;

/// <summary>
/// The last step of a message that came in: one decode, then straight into the recipient's mailbox, on the thread that
/// read it off the socket. Each connection has its own, so that the caches need no lock.
/// </summary>
internal sealed class Inbound(Remoting remoting)
{
    // Paths that one peer talks to within a short time; a miss costs a walk down the tree of actors.
    private const int PathSlots = 2048;
    private const int ManifestSlots = 256;
    private const int StringSerializer = 17;

    private readonly ByteKeyCache<IInternalActorRef> _recipients = new(PathSlots);
    private readonly ByteKeyCache<IActorRef> _senders = new(PathSlots);
    private readonly ByteKeyCache<string> _manifests = new(ManifestSlots);

    /// <summary>Whether it names an address of this system.</summary>
    public bool IsForThisSystem(in WireEnvelope envelope) => Recipient(envelope.Recipient) is not null;

    /// <summary>Never throws: whatever is wrong with one message costs that message.</summary>
    public void Deliver(Link link, in WireEnvelope envelope)
    {
        try
        {
            DeliverOrThrow(link, envelope);
        }
        catch (Exception error)
        {
            remoting.Complain("Lost a message from {0}: {1}", link.Peer, error);
        }
    }

    private void DeliverOrThrow(Link link, in WireEnvelope envelope)
    {
        IInternalActorRef? recipient = Recipient(envelope.Recipient);
        if (recipient is null)
        {
            remoting.Complain("Dropped a message from {0} to {1}, which is not an address of this system.",
                link.Peer, Encoding.UTF8.GetString(envelope.Recipient));
            return;
        }
        object? message;
        try
        {
            message = Message(envelope);
        }
        catch (Exception error)
        {
            remoting.Complain("Cannot read a message of serializer {0}, manifest [{1}], from {2} to {3}: {4}",
                envelope.SerializerId, Encoding.UTF8.GetString(envelope.Manifest), link.Peer, recipient, error.Message);
            message = null;
        }
        if (envelope.IsSequenced)
        {
            ISystemMessage? admitted = Admitted(link, recipient, message as ISystemMessage);
            remoting.Switchboard.PostSystemMessage(link, envelope.Sequence, new SystemDelivery(recipient, admitted));
        }
        else if (message is not null && MayAddress(link, recipient, envelope, message))
        {
            Deliver(link, recipient, message, envelope.Sender.IsEmpty ? ActorRefs.NoSender : Sender(envelope.Sender));
        }
    }

    private void Deliver(Link link, IInternalActorRef recipient, object message, IActorRef? sender)
    {
        if (remoting.Settings.LogsReceived)
            remoting.Log.Debug("Received {0} from {1} for {2}", MessageText.Of(message), sender ?? (object)link.Peer!,
                recipient);
        switch (message)
        {
            case ActorSelectionMessage selection:
                if (MaySelect(link, recipient, selection)) ActorSelection.Deliver(recipient, selection, sender);
                break;
            case ISystemMessage system:
                if (Admitted(link, recipient, system) is { } admitted) recipient.SendSystemMessage(admitted);
                break;
            case IPossiblyHarmful when remoting.Settings.UntrustedMode:
                Refuse(link, recipient, message);
                break;
            default:
                recipient.Tell(message, sender);
                break;
        }
    }

    // Peers that are not trusted may watch and be told of deaths; they may not rule over this system's actors.
    private ISystemMessage? Admitted(Link link, IInternalActorRef recipient, ISystemMessage? message)
    {
        if (message is null || !remoting.Settings.UntrustedMode) return message;
        if (message is Watch or Unwatch or DeathWatchNotification) return message;
        Refuse(link, recipient, message);
        return null;
    }

    // Who names one of the engine's own actors, and does not know the number that its reference bears, was not given
    // that reference; it selects the actor in other words, and may do so where it may select.
    private bool MayAddress(Link link, IInternalActorRef recipient, in WireEnvelope envelope, object message)
    {
        if (!remoting.Settings.UntrustedMode || recipient.Path.Elements is not ["system", ..]) return true;
        string number = "#" + recipient.Path.Uid.ToString(CultureInfo.InvariantCulture);
        bool wasGiven = recipient.Path.Uid != ActorCell.UndefinedUid
            && envelope.Recipient.EndsWith(Encoding.UTF8.GetBytes(number));
        string path = recipient.Path.ToStringWithoutAddress();
        if (wasGiven || remoting.Settings.TrustedSelectionPaths.Contains(path)) return true;
        remoting.Complain("Dropped a {0} from {1} for {2}: untrusted-mode is on, it names the actor without the number "
            + "of its reference, and akka.remote.trusted-selection-paths does not list the path.",
            message.GetType().Name, link.Peer, path);
        return false;
    }

    // The engine's own selections are no exception: who may gossip may also tell any member to leave.
    private bool MaySelect(Link link, IInternalActorRef recipient, ActorSelectionMessage selection)
    {
        if (!remoting.Settings.UntrustedMode) return true;
        if (selection.Message is IPossiblyHarmful)
        {
            Refuse(link, recipient, selection.Message);
            return false;
        }
        string path = "/" + string.Join('/', selection.Elements.Select(each => each.ToString()));
        if (recipient.Path.Depth == 0 && remoting.Settings.TrustedSelectionPaths.Contains(path)) return true;
        remoting.Complain("Dropped a {0} from {1} for {2}, from {3} on: untrusted-mode is on, and "
            + "akka.remote.trusted-selection-paths does not list the path.",
            selection.Message.GetType().Name, link.Peer, path, recipient);
        return false;
    }

    private void Refuse(Link link, IInternalActorRef recipient, object message) => remoting.Complain(
        "Dropped a {0} from {1} to {2}: untrusted-mode is on.", message.GetType().Name, link.Peer, recipient);

    private object? Message(in WireEnvelope envelope)
    {
        if (envelope.SerializerId == StringSerializer
            && (envelope.Manifest.SequenceEqual("System.String, System.Private.CoreLib"u8)
                || envelope.Manifest.SequenceEqual("S"u8)))
        {
            return Encoding.UTF8.GetString(envelope.Body);
        }
        string manifest = Manifest(envelope.Manifest);
        return remoting.Read(envelope.Body.ToArray(), envelope.SerializerId, manifest);
    }

    private string Manifest(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return "";
        if (_manifests.Find(bytes) is { } known) return known;
        string manifest = Encoding.UTF8.GetString(bytes);
        _manifests.Add(bytes, manifest);
        return manifest;
    }

    private IInternalActorRef? Recipient(ReadOnlySpan<byte> path)
    {
        if (_recipients.Find(path) is { IsTerminated: false } known) return known;
        IInternalActorRef? recipient = remoting.Provider.ResolveRecipient(Encoding.UTF8.GetString(path));
        if (recipient is not null && IsLasting(recipient)) _recipients.Add(path, recipient);
        return recipient;
    }

    private IActorRef Sender(ReadOnlySpan<byte> path)
    {
        if (_senders.Find(path) is { } known) return known;
        IActorRef sender = remoting.Provider.ResolveActorRef(Encoding.UTF8.GetString(path));
        if (sender is RemoteActorRef) _senders.Add(path, sender);
        return sender;
    }

    // A place that is empty now may have an actor in a moment, and the asker of a question is asked nothing twice.
    private static bool IsLasting(IInternalActorRef recipient) =>
        recipient is ActorRefWithCell && !recipient.IsTerminated;
}
