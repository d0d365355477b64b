using System.Buffers;
using System.Net;
using Akka.Actor;
using Akka.Engine;
using Akka.Remote.Association;
using Akka.Remote.Probing;
using Akka.Remote.Wire;

namespace Akka.Remote.Transport;

/// <summary>
/// One connection, with the two who share it: the network's read loop, which cuts frames and hands messages straight to
/// their recipients, and the switchboard, which owns the association's state. After the peer's ASSOCIATE the read loop
/// stands still until the switchboard has judged it; then it is told what the connection is for, and runs on.
/// </summary>
internal sealed class Link(int number, bool isDialler, Switchboard switchboard, FrameFormat format, WireLog? log)
    : IConnectionHandler
{
    private volatile Reading _reading;
    private bool _heard;
    private bool _isMute;
    private bool _begun;
    private bool _hasSpoken;
    private volatile bool _ignoresMessages;

    // A connection whose first frame was a question that is answered carries nothing but questions; see ProbeDesk.
    private bool _isProbe;
    private Inbound? _inbound;

    // Of messages that come in parts; for who never sends any, none.
    private Reassembly? _reassembly;

    // Those of one message go out behind those of another, not between them.
    private readonly Lock _partsOut = new();

    private enum Reading
    {
        /// <summary>Only control PDUs are in order.</summary>
        Greeting,

        /// <summary>Messages are delivered.</summary>
        Messages,

        /// <summary>Whatever comes is thrown away.</summary>
        Nothing,
    }

    public int Number { get; } = number;

    public bool IsDialler { get; } = isDialler;

    /// <summary>Set before the first event of the connection is handled.</summary>
    public IConnection Connection { get; set; } = null!;

    /// <summary>The conversation, owned by the switchboard.</summary>
    public AssociationState State { get; set; } = null!;

    /// <summary>The peer's address once it has introduced itself; for a dialled link, who was dialled.</summary>
    public Address? Peer { get; set; }

    /// <summary>Where an accepted connection came from.</summary>
    public EndPoint? From { get; init; }

    /// <summary>The peer has introduced itself.</summary>
    public bool IsGreeted { get; set; }

    /// <summary>That it is there was published, and so will be its end.</summary>
    public bool IsReported { get; set; }

    public long Uid { get; set; }

    /// <summary>What the peer can do beyond Akka.NET's protocol, once it has introduced itself.</summary>
    public Offers Offers { get; set; }

    public FrameFormat Format { get; } = format;

    /// <summary>A message longer than two of these goes in parts of so many bytes, <see cref="Fragment"/>; 0 until it is
    /// known that the peer takes them, and this side too.</summary>
    public int PartBytes { get; set; }

    /// <summary>Counts what comes from this life of the peer, over all its links; null before the greeting.</summary>
    public Receipts? Receipts { get; set; }

    /// <summary>It is open, and nothing ever came. With TLS it is open when that is agreed.</summary>
    public bool IsMute => Volatile.Read(ref _isMute);

    /// <summary>Whether anything came since this was asked last.</summary>
    public bool TakeHeard() => Interlocked.Exchange(ref _heard, false);

    /// <summary>The switchboard's verdict: messages that come are delivered through
    /// <paramref name="inbound"/>.</summary>
    public void ReadMessages(Inbound inbound)
    {
        _inbound = inbound;
        _reading = Reading.Messages;
        Connection.Resume();
    }

    /// <summary>After the first message was judged: it is delivered, and those after it may come.</summary>
    public void ReadOn(ReadOnlySpan<byte> first)
    {
        if (_reading == Reading.Messages && ContainerCodec.TryRead(first, out Container container))
            Deliver(container.Envelope);
        Connection.Resume();
    }

    /// <summary>What the peer said later came on another connection: ordinary messages that come here after it are
    /// dropped.</summary>
    public void IgnoreMessages() => _ignoresMessages = true;

    /// <summary>The conversation is over; what still comes is thrown away until the connection is closed.</summary>
    public void ReadNothing()
    {
        _reading = Reading.Nothing;
        Connection.Resume();
    }

    public void Send(Control control)
    {
        log?.Sent(this, control);
        byte[] frame = ControlCodec.Frame(control, Format.BigEndian);
        // A farewell comes after everything that was said; a greeting before.
        if (control.IsDisassociate) Connection.Write(frame);
        else Connection.WriteUrgent(frame);
    }

    /// <summary>Queues a message's frame; one that would hold up control traffic for long, in parts, if the peer takes
    /// them.</summary>
    public void Write(ReadOnlySpan<byte> frame)
    {
        int partBytes = PartBytes;
        if (partBytes == 0 || frame.Length <= 2 * partBytes)
        {
            Connection.Write(frame);
            return;
        }
        ReadOnlySpan<byte> rest = frame[FrameCodec.HeaderBytes..];
        byte[] parcel = ArrayPool<byte>.Shared.Rent(Fragment.FrameBytes(partBytes, rest.Length));
        lock (_partsOut)
        {
            while (!rest.IsEmpty)
            {
                ReadOnlySpan<byte> part = rest[..Math.Min(partBytes, rest.Length)];
                rest = rest[part.Length..];
                int length = Fragment.WriteFrame(parcel, part, rest.Length, Format.BigEndian);
                Connection.Write(parcel.AsSpan(0, length));
            }
        }
        ArrayPool<byte>.Shared.Return(parcel);
    }

    public void Send(Ack ack)
    {
        log?.Sent(this, ack);
        Connection.WriteUrgent(ContainerCodec.AckFrame(ack, Format.BigEndian));
    }

    void IConnectionHandler.OnOpened(IConnection connection)
    {
        Connection = connection;
        _isMute = true;
        switchboard.Post(new LinkInput(this, new AssociationInput.Opened()));
    }

    SequencePosition IConnectionHandler.OnReceived(IConnection connection, ReadOnlySequence<byte> bytes)
    {
        Volatile.Write(ref _heard, true);
        _isMute = false;
        Receipts?.Add();
        if (_reading == Reading.Messages && bytes.IsSingleSegment)
        {
            bytes = bytes.Slice(ReadFrames(bytes.FirstSpan, out bool goOn));
            if (!goOn) return bytes.Start;
        }
        while (_reading != Reading.Nothing)
        {
            FrameFormat format = _isProbe ? ProbeFrame.FormatOf(Format.BigEndian)
                : _reading == Reading.Greeting ? Format.OfGreeting
                : Format;
            if (!FrameCodec.TryRead(ref bytes, format, out ReadOnlySequence<byte> body, out FrameReject reject))
            {
                if (reject == FrameReject.None) return bytes.Start;
                if (_isProbe)
                {
                    log?.Refused(this, "no question, on a connection for questions", bytes.Length);
                    Connection.Abort();
                }
                else Refuse(WireReport.Of(reject, bytes, format), bytes.Length);
                break;
            }
            if (!Read(body)) return bytes.Start;
        }
        return bytes.End;
    }

    void IConnectionHandler.OnClosed(IConnection connection, CloseReason reason, string detail)
    {
        if (_isProbe)
        {
            switchboard.PostProbeClosed(this);
            return;
        }
        AssociationEnd why = reason switch
        {
            CloseReason.ConnectFailed => AssociationEnd.NotReachable,
            CloseReason.Local => AssociationEnd.Local,
            _ => AssociationEnd.Unknown,
        };
        switchboard.Post(new LinkInput(this, new AssociationInput.Lost(why, detail)));
    }

    // The usual case: frame after frame of messages. What it leaves is less than a frame, or none that is in order.
    private int ReadFrames(ReadOnlySpan<byte> bytes, out bool goOn)
    {
        ReadOnlySpan<byte> rest = bytes;
        goOn = true;
        while (goOn && _reading == Reading.Messages
            && FrameCodec.TryRead(ref rest, Format, out ReadOnlySpan<byte> body, out _))
            goOn = Read(body);
        return bytes.Length - rest.Length;
    }

    // False: the rest has to wait for the switchboard.
    private bool Read(in ReadOnlySequence<byte> frame)
    {
        if (frame.IsSingleSegment) return Read(frame.FirstSpan);
        int length = (int)frame.Length;
        byte[] joined = ArrayPool<byte>.Shared.Rent(length);
        frame.CopyTo(joined);
        bool goOn = Read(joined.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(joined);
        return goOn;
    }

    private bool Read(ReadOnlySpan<byte> body)
    {
        if (_isProbe || !_begun)
        {
            _begun = true;
            if (_isProbe || (switchboard.AnswersProbes && ProbeFrame.IsQuestion(body, out _)))
                return ReadQuestion(body);
        }
        if (PartBytes > 0 && Fragment.IsAt(body)) return ReadPart(body);
        if (!ControlCodec.TryRead(body, out ReadOnlySpan<byte> payload, out Control control))
        {
            Refuse($"a frame that is no PDU: {WireReport.Guess(body)}", body.Length);
            return true;
        }
        if (control.Command != ControlCommand.None) return ReadControl(control);
        if (_reading == Reading.Greeting)
        {
            Refuse("a message where ASSOCIATE was due", body.Length);
            return true;
        }
        return ReadContainer(payload);
    }

    private bool ReadPart(ReadOnlySpan<byte> body)
    {
        if (!Fragment.TryRead(body, out Fragment fragment))
        {
            Refuse("a malformed part of a message", body.Length);
            return true;
        }
        _reassembly ??= new Reassembly(Format.MaximumBodyBytes);
        if (_reassembly.Add(fragment) is { } wrong)
        {
            Refuse(wrong, body.Length);
            return true;
        }
        if (_reassembly.IsOpen) return true;
        // What it was put together to is a message in one frame: parts have no parts.
        bool goOn = true;
        if (!ControlCodec.TryRead(_reassembly.Body, out ReadOnlySpan<byte> payload, out Control control)
            || control.Command != ControlCommand.None)
            Refuse("parts that make no message", _reassembly.Body.Length);
        else goOn = ReadContainer(payload);
        _reassembly.Clear();
        return goOn;
    }

    private bool ReadQuestion(ReadOnlySpan<byte> body)
    {
        if (ProbeFrame.IsQuestion(body, out ProbeFrame question) && switchboard.Admits(question))
        {
            _isProbe = true;
            Connection.Pause();
            switchboard.PostProbe(this, question);
            return false;
        }
        if (_isProbe)
        {
            _reading = Reading.Nothing;
            Connection.Abort();
        }
        else
        {
            Refuse("a question whether this node lives, without the seal of its cluster secret (akka.remote.secret)",
                body.Length);
        }
        return true;
    }

    private bool ReadControl(Control control)
    {
        log?.Received(this, control);
        bool open = _reading != Reading.Greeting;
        if (open && !control.IsDisassociate) return true;
        Connection.Pause();
        switchboard.Post(new LinkInput(this, new AssociationInput.Received(control)));
        return false;
    }

    private bool ReadContainer(ReadOnlySpan<byte> payload)
    {
        if (!ContainerCodec.TryRead(payload, out Container container))
        {
            Refuse("a malformed message", payload.Length);
            return true;
        }
        log?.Received(this, container);
        if (container.Ack is { } ack) switchboard.PostAck(this, ack);
        if (!container.HasEnvelope) return true;
        // What is said to somebody else is no sign of what the peer uses this connection for.
        if (!_hasSpoken && _inbound!.IsForThisSystem(container.Envelope))
        {
            _hasSpoken = true;
            Connection.Pause();
            switchboard.PostSpoke(this, payload.ToArray());
            return false;
        }
        Deliver(container.Envelope);
        return true;
    }

    private void Deliver(in WireEnvelope envelope)
    {
        // Numbered ones find their order by themselves.
        if (_ignoresMessages && !envelope.IsSequenced) return;
        _inbound!.Deliver(this, envelope);
    }

    private void Refuse(string detail, long bytes)
    {
        _reading = Reading.Nothing;
        log?.Refused(this, detail, bytes);
        switchboard.Post(new LinkInput(this, new AssociationInput.Violation(detail)));
    }
}

/// <summary>Something that happened to a link, for the switchboard.</summary>
internal readonly record struct LinkInput(Link Link, AssociationInput Input);
