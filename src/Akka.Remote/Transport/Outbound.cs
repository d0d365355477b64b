using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Wire;
using Akka.Serialization;

namespace Akka.Remote.Transport;

/// <summary>
/// The first step of a message that goes out: serialized and framed on the sender's own thread, in buffers of that
/// thread, then copied once, into the connection's queue.
/// </summary>
internal sealed class Outbound(Remoting remoting)
{
    private const int SenderSlots = 256;
    private const int ManifestsKept = 10_000;
    private const int StringSerializer = 17;

    private readonly ConcurrentDictionary<string, byte[]> _manifests = [];

    [ThreadStatic]
    private static Desk? t_desk;

    /// <summary>An ordinary message.</summary>
    public void Write(Link link, in Letter letter)
    {
        bool urgent = letter.IsControl;
        if (!urgent && link.Connection.QueuedBytes > remoting.Settings.OutboundBytes)
        {
            remoting.Complain("Messages to {0} are dead letters: {1} bytes wait for it to read (outbound-queue-bytes).",
                link.Peer, link.Connection.QueuedBytes);
            remoting.Bury(letter);
            return;
        }
        bool written = TryWrite(
            link, letter.Message, letter.Sender, letter.Recipient, WireEnvelope.Unsequenced, urgent);
        if (!written) remoting.Bury(letter);
    }

    /// <summary>A system message. It keeps its place among the others: news of a death must not overtake the last
    /// words.</summary>
    public void Write(Link link, long sequence, SystemLetter letter) =>
        TryWrite(link, letter.Message, sender: null, letter.Recipient, sequence, urgent: false);

    private bool TryWrite(
        Link link, object message, IActorRef? sender, RemoteActorRef recipient, long sequence, bool urgent)
    {
        Desk desk = DeskOfThisThread();
        try
        {
            Serializer serializer = remoting.SerializerOf(message);
            WireEnvelope envelope = new()
            {
                Recipient = recipient.WirePath,
                Sender = sender is null ? default : desk.PathOf(sender, remoting),
                Body = Body(desk, serializer, message),
                SerializerId = serializer.Identifier,
                Manifest = Manifest(desk, serializer, message),
                Sequence = sequence,
            };
            int size = ContainerCodec.FrameBytes(envelope);
            if (size > link.Format.MaximumBytes)
            {
                remoting.Complain(
                    "A {0} for {1} is a dead letter: it takes {2} bytes, and maximum-frame-size is {3}.",
                    message.GetType(), recipient, size, link.Format.MaximumBytes);
                return false;
            }
            Span<byte> frame = desk.Frame(size);
            ContainerCodec.WriteFrame(frame, envelope, link.Format.BigEndian);
            remoting.WireLog?.Sent(link, envelope);
            if (remoting.Settings.LogsSent)
                remoting.Log.Debug("Sent {0} from {1} to {2}", MessageText.Of(message), sender, recipient);
            if (urgent) link.Connection.WriteUrgent(frame);
            else link.Write(frame);
            return true;
        }
        catch (Exception error)
        {
            remoting.Complain("Cannot write a {0} for {1}: {2}", message.GetType(), recipient, error.Message);
            return false;
        }
    }

    private static ReadOnlySpan<byte> Body(Desk desk, Serializer serializer, object message) =>
        serializer.Identifier == StringSerializer && message is string text ? desk.Utf8(text)
            : serializer.ToBinary(message);

    private byte[] Manifest(Desk desk, Serializer serializer, object message)
    {
        string manifest = global::Akka.Serialization.Serialization.ManifestFor(serializer, message);
        if (manifest.Length == 0) return [];
        if (!ReferenceEquals(manifest, desk.Manifest.Text)) desk.Manifest = (manifest, Utf8(manifest));
        return desk.Manifest.Bytes;
    }

    private byte[] Utf8(string manifest)
    {
        if (_manifests.TryGetValue(manifest, out byte[]? known)) return known;
        byte[] bytes = Encoding.UTF8.GetBytes(manifest);
        if (_manifests.Count < ManifestsKept) _manifests.TryAdd(manifest, bytes);
        return bytes;
    }

    // A serializer may send from within ToBinary: the desk's buffers are filled only after it has returned.
    private Desk DeskOfThisThread()
    {
        Desk desk = t_desk ??= new Desk();
        desk.Belong(remoting);
        return desk;
    }

    /// <summary>What one thread writes with.</summary>
    private sealed class Desk
    {
        private const int KeptBytes = 64 * 1024;

        private readonly (IActorRef? Ref, byte[] Path)[] _senders = new (IActorRef?, byte[])[SenderSlots];
        // Most serializers give the same text again, and a look at the reference is all it takes.
        public (string Text, byte[] Bytes) Manifest = ("", []);

        private byte[] _frame = new byte[4 * 1024];
        private byte[] _text = new byte[1024];
        private Remoting? _owner;

        public void Belong(Remoting owner)
        {
            if (ReferenceEquals(_owner, owner)) return;
            _owner = owner;
            Array.Clear(_senders);
        }

        public Span<byte> Frame(int size)
        {
            if (size > KeptBytes) return new byte[size];
            if (size > _frame.Length) _frame = new byte[KeptBytes];
            return _frame.AsSpan(0, size);
        }

        public ReadOnlySpan<byte> Utf8(string text)
        {
            int most = Encoding.UTF8.GetMaxByteCount(text.Length);
            if (most > KeptBytes) return Encoding.UTF8.GetBytes(text);
            if (most > _text.Length) _text = new byte[KeptBytes];
            return _text.AsSpan(0, Encoding.UTF8.GetBytes(text, _text));
        }

        public byte[] PathOf(IActorRef sender, Remoting remoting)
        {
            if (sender is RemoteActorRef remote) return remote.WirePath;
            ref (IActorRef? Ref, byte[] Path) slot =
                ref _senders[(uint)RuntimeHelpers.GetHashCode(sender) % SenderSlots];
            if (!ReferenceEquals(slot.Ref, sender)) slot = (sender, remoting.WirePathOf(sender));
            return slot.Path;
        }
    }
}
