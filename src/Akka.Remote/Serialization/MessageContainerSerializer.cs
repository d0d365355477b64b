using Akka.Actor;
using Akka.Remote.Serialization.Proto;
using Akka.Serialization;
using Google.Protobuf;

namespace Akka.Remote.Serialization;

/// <summary>Serializer 6: messages that are on their way down the tree of another system.</summary>
public sealed class MessageContainerSerializer : Serializer
{
    private readonly WrappedPayload _payload;

    public MessageContainerSerializer(ExtendedActorSystem system)
        : base(system) => _payload = new WrappedPayload(system);

    /// <inheritdoc />
    public override int Identifier => 6;

    /// <inheritdoc />
    public override bool IncludeManifest => false;

    /// <exception cref="ArgumentException">It is no selection, or has an element that does not travel.</exception>
    public override byte[] ToBinary(object obj)
    {
        if (obj is not ActorSelectionMessage selection)
        {
            throw new ArgumentException($"{GetType().Name} writes selections only, not {obj.GetType()}.");
        }
        WireSelection wire = new() { Payload = _payload.Wrap(selection.Message) };
        foreach (SelectionPathElement element in selection.Elements) wire.Pattern.Add(Write(element));
        return wire.ToByteArray();
    }

    /// <inheritdoc />
    public override object FromBinary(byte[] bytes, Type? type)
    {
        WireSelection wire = WireSelection.Parser.ParseFrom(bytes);
        SelectionPathElement[] elements = [.. wire.Pattern.Select(Read)];
        object message = _payload.Unwrap(wire.Payload)
            ?? throw new ArgumentException("A selection came without a message.");
        return new ActorSelectionMessage(message, elements);
    }

    private static WireSelection.Types.Element Write(SelectionPathElement element) => element switch
    {
        SelectChildName child =>
            new() { Kind = WireSelection.Types.Element.Types.Kind.ChildName, Matcher = child.Name },
        SelectChildPattern pattern => new()
        {
            Kind = WireSelection.Types.Element.Types.Kind.ChildPattern,
            Matcher = pattern.PatternStr,
        },
        SelectParent => new() { Kind = WireSelection.Types.Element.Types.Kind.Parent },
        _ => throw new ArgumentException($"A selection with {element} cannot be sent to another node."),
    };

    private static SelectionPathElement Read(WireSelection.Types.Element element) => element.Kind switch
    {
        WireSelection.Types.Element.Types.Kind.Parent => new SelectParent(),
        WireSelection.Types.Element.Types.Kind.ChildName => new SelectChildName(element.Matcher),
        WireSelection.Types.Element.Types.Kind.ChildPattern => new SelectChildPattern(element.Matcher),
        _ => throw new ArgumentException($"A selection came with an element of unknown kind {element.Kind}."),
    };
}
