using System.Globalization;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Wire;

namespace Akka.Remote.Transport;

/// <summary>
/// The conversation recorder: one readable line per frame.
/// <code>
///   12.345678 akka.tcp://iridium@127.0.0.1:2254 -> akka.tcp://iridium@127.0.0.1:2255  ASSOCIATE uid 5
///   |         |                                 |                                     what it says
///   |         who writes this file              -> sent, &lt;- received, by whom
///   seconds since the start
/// </code>
/// </summary>
internal sealed class WireLog : IDisposable
{
    private const int LongestLine = 4_000;

    private readonly Lock _gate = new();
    private readonly TextWriter _writer;
    private readonly Address _self;
    private readonly TimeProvider _time;
    private readonly WireText _text;
    private readonly long _start;
    private bool _failed;

    /// <param name="serializers">Who reads the engine's own messages; null for names only.</param>
    public WireLog(
        TextWriter writer, Address self, TimeProvider time, Akka.Serialization.Serialization? serializers = null)
    {
        _text = new WireText(serializers);
        _writer = writer;
        _self = self;
        _time = time;
        _start = time.GetTimestamp();
    }

    /// <summary>Writes to a file of this system's own: the port comes before the extension of
    /// <paramref name="path"/>.</summary>
    /// <exception cref="ConfigurationException">It cannot be written.</exception>
    public static WireLog Open(
        string path, Address self, TimeProvider time, Akka.Serialization.Serialization serializers)
    {
        string file = Path.ChangeExtension(path, null) + "-" + self.Port + Path.GetExtension(path);
        try
        {
            return new WireLog(new StreamWriter(file, append: true) { AutoFlush = true }, self, time, serializers);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigurationException(
                $"Cannot record frames in {file} (akka.remote.wire-log): {error.Message}", error);
        }
    }

    public void Sent(Link link, Control control) => Line("->", link, Text(control));

    public void Sent(Link link, Ack ack) => Line("->", link, ack.ToString());

    public void Sent(Link link, in WireEnvelope envelope) => Line("->", link, Text(envelope));

    public void Received(Link link, Control control) => Line("<-", link, Text(control));

    public void Received(Link link, in Container container)
    {
        if (container.Ack is { } ack) Line("<-", link, ack.ToString());
        if (container.HasEnvelope) Line("<-", link, Text(container.Envelope));
    }

    /// <param name="detail">Why, and what it may have been.</param>
    public void Refused(Link link, string detail, long bytes) =>
        Line("<-", link, $"REFUSED, with {bytes} bytes at hand: {detail}");

    public void Dispose()
    {
        lock (_gate) _writer.Dispose();
    }

    private static string Text(Control control) => control.Handshake is { } who
        ? $"{control.Command} {who.System}@{who.Host}:{who.Port} ({who.Protocol}), uid {who.Uid}"
        : control.Command.ToString();

    private string Text(in WireEnvelope envelope)
    {
        string number = envelope.IsSequenced ? $"#{envelope.Sequence} " : "";
        string from = envelope.Sender.IsEmpty ? "" : $" from {Encoding.UTF8.GetString(envelope.Sender)}";
        string what = _text.Of(envelope.SerializerId, Encoding.UTF8.GetString(envelope.Manifest), envelope.Body);
        return $"{number}{what} to {Encoding.UTF8.GetString(envelope.Recipient)}{from}, {envelope.Body.Length} bytes";
    }

    private void Line(string arrow, Link link, string what)
    {
        string seconds = _time.GetElapsedTime(_start).TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture);
        object peer = (object?)link.Peer ?? link.Connection.RemoteEndPoint?.ToString() ?? "?";
        string line = WireText.Clean($"{seconds} {_self} {arrow} {peer}  {what}", LongestLine);
        lock (_gate)
        {
            if (_failed) return;
            try
            {
                _writer.WriteLine(line);
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                // A full disk ends the recording, not the conversation.
                _failed = true;
            }
        }
    }
}
