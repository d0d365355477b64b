using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf;

namespace Iridium.Actors.Protocol;

/// <summary>
/// The letters that may cross to another node, each with its number, which is its manifest on the wire. The list is
/// closed: nothing else is ever read, and no type is looked up by a name that came over the wire. It is append-only: a
/// number keeps its meaning for ever, because nodes of different versions meet in one cluster.
/// </summary>
public static class WireManifest
{
    internal static ImmutableArray<WireLetter> Letters { get; } =
    [
        // Nodes that meet.
        Letter(1, Wire.Hello.Parser, WireBodies.Write, WireBodies.Read),
        Letter(2, Wire.HelloAck.Parser, WireBodies.Write, WireBodies.Read),
        Letter(3, Wire.HelloRefused.Parser, WireBodies.Write, WireBodies.Read),

        // The front desk.
        Letter(4, Wire.SpawnHere.Parser, WireBodies.Write, WireBodies.Read),
        Letter(5, Wire.Spawned.Parser, WireBodies.Write, WireBodies.Read),
        Letter(6, Wire.SpawnRefused.Parser, WireBodies.Write, WireBodies.Read),
        Letter(7, Wire.ListProcessesHere.Parser, WireBodies.Write, WireBodies.Read),
        Letter(8, Wire.Processes.Parser, WireBodies.Write, WireBodies.Read),
        Letter(9, Wire.KillHere.Parser, WireBodies.Write, WireBodies.Read),
        Letter(10, Wire.KillAnswer.Parser, WireBodies.Write, WireBodies.Read),

        // A process and its audience.
        Letter(11, Wire.Printed.Parser, WireBodies.Write, WireBodies.Read),
        Letter(12, Wire.Started.Parser, WireBodies.Write, WireBodies.Read),
        Letter(13, Wire.Ended.Parser, WireBodies.Write, WireBodies.Read),

        // Looking into one.
        Letter(14, Wire.InspectHere.Parser, WireBodies.Write, WireBodies.Read),
        Letter(15, Wire.Inspected.Parser, WireBodies.Write, WireBodies.Read),
    ];

    private static readonly Dictionary<Type, WireLetter> ByType = Letters.ToDictionary(letter => letter.Type);
    private static readonly Dictionary<string, WireLetter> ByManifest =
        Letters.ToDictionary(letter => letter.Manifest);

    /// <summary>The manifest of a message.</summary>
    /// <exception cref="WireRejectedException">No letter of this type crosses to another node.</exception>
    public static string ManifestOf(object message) => LetterOf(message).Manifest;

    /// <exception cref="WireRejectedException">No letter of this type crosses to another node.</exception>
    public static byte[] Encode(object message) => LetterOf(message).Encode(message);

    /// <summary>Reads a body that anyone may have sent.</summary>
    /// <exception cref="WireRejectedException">Whatever is wrong with it; nothing else is thrown.</exception>
    public static IWireMessage Decode(string manifest, ReadOnlySpan<byte> body)
    {
        if (!ByManifest.TryGetValue(manifest, out WireLetter? letter))
        {
            throw new WireRejectedException(
                WireReject.UnknownManifest, $"no letter has this manifest of {manifest.Length} characters");
        }
        try
        {
            return letter.Decode(body);
        }
        catch (InvalidProtocolBufferException)
        {
            throw new WireRejectedException(WireReject.Malformed, $"the body of letter {manifest} is not one");
        }
    }

    private static WireLetter LetterOf(object message) => ByType.TryGetValue(message.GetType(), out WireLetter? letter)
        ? letter
        : throw new WireRejectedException(
            WireReject.UnknownMessage, $"{message.GetType().Name} does not cross to another node");

    private static WireLetter Letter<TMessage, TBody>(
        int number, MessageParser<TBody> parser, Func<TMessage, TBody> write, Func<TBody, TMessage> read)
        where TMessage : IWireMessage
        where TBody : IMessage<TBody> =>
        new(
            number.ToString(CultureInfo.InvariantCulture),
            typeof(TMessage),
            message => write((TMessage)message).ToByteArray(),
            body => read(parser.ParseFrom(body)));
}

internal delegate IWireMessage ReadBody(ReadOnlySpan<byte> body);

/// <summary>One row of the manifest.</summary>
internal sealed record WireLetter(string Manifest, Type Type, Func<object, byte[]> Encode, ReadBody Decode);

/// <summary>What can be wrong with a letter.</summary>
public enum WireReject
{
    /// <summary>A message was to be sent that has no number.</summary>
    UnknownMessage = 1,

    /// <summary>A letter came whose number is not known: a newer node's, or a stranger's.</summary>
    UnknownManifest = 2,

    /// <summary>The body is not what its number promises.</summary>
    Malformed = 3,

    /// <summary>The body is well formed, but says what cannot be: an alias with a space, a negative count.</summary>
    BadValue = 4,
}
