using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// One message on its way to all that its selection names, on the thread that sent it or read it off a socket. Downwards
/// nobody is met twice, so that a pattern costs what the tree holds. Back up again after a pattern everybody is met as
/// often as he has children, as in Akka.NET, and <c>/*/..</c> over and over multiplies without end: such a walk has a
/// bound.
/// </summary>
internal sealed class SelectionWalk(ActorSelectionMessage selection, IActorRef? sender)
{
    /// <summary>Elements of a selection: nobody's tree is deeper, and a walk over them takes less than 1 ms.</summary>
    public const int MostElements = 1_000;

    /// <summary>Actors that are looked at by a selection that goes back up after a pattern, each time counted: 5 ms of the
    /// thread that reads the sockets, at 1 µs each on a busy machine, with a letter for every other look.</summary>
    public const int MostLooks = 5_000;

    private readonly IReadOnlyList<SelectionPathElement> _elements = selection.Elements;
    private Dictionary<IActorRef, IReadOnlyList<IActorRef>>? _children;
    private int _looks = LooksOf(selection.Elements);
    private bool _fannedOut = selection.WildCardFanOut;

    public void From(IActorRef anchor)
    {
        if (_elements.Count > MostElements)
            Drop(anchor, $"its selection has {_elements.Count} elements, more than {MostElements}");
        // Whoever got the inner one would walk on his own, and so would all whom he reaches.
        else if (selection.Message is ActorSelectionMessage)
            Drop(anchor, "it is a selection in a selection");
        else
            Walk(anchor, 0);
        if (_looks < 0) Drop(anchor, $"its selection met actors more than {MostLooks} times; the rest went without it");
    }

    // Deeper by one for each pattern that is met, which are MostElements at most.
    private void Walk(IActorRef current, int index)
    {
        for (; index < _elements.Count; index++)
        {
            if (!Look()) return;
            if (current is not ActorRefWithCell local)
            {
                current.Tell(Rest(index), sender);
                return;
            }
            switch (_elements[index])
            {
                case SelectParent:
                    current = local.Parent;
                    break;
                case SelectChildName name:
                    current = local.GetSingleChild(name.Name);
                    if (current is Nobody)
                    {
                        ToNobody(local, index);
                        return;
                    }
                    break;
                case SelectChildPattern pattern:
                    FanOut(local, pattern, index);
                    return;
                case SelectChildRecursive:
                    Everywhere(local);
                    return;
            }
        }
        current.Tell(selection.Message, sender);
    }

    private void FanOut(ActorRefWithCell parent, SelectChildPattern pattern, int index)
    {
        bool before = _fannedOut;
        bool any = false;
        foreach (IActorRef child in ChildrenOf(parent))
        {
            if (!Look()) return;
            if (!pattern.Matches(child.Path.Name)) continue;
            any = _fannedOut = true;
            Walk(child, index + 1);
        }
        if (any) return;
        _fannedOut = before;
        ToNobody(parent, index);
    }

    private void Everywhere(ActorRefWithCell parent)
    {
        foreach (IActorRef child in parent.Children)
        {
            if (!Look()) return;
            child.Tell(selection.Message, sender);
            if (child is ActorRefWithCell below) Everywhere(below);
        }
    }

    // Who comes by again finds what he found before: to list the children costs more than to look at them.
    private IReadOnlyList<IActorRef> ChildrenOf(ActorRefWithCell parent)
    {
        _children ??= new(ReferenceEqualityComparer.Instance);
        if (!_children.TryGetValue(parent, out IReadOnlyList<IActorRef>? children))
            _children[parent] = children = [.. parent.Children];
        return children;
    }

    private bool Look()
    {
        if (_looks > 0) _looks--;
        else if (_looks == 0) _looks = -1;
        return _looks >= 0;
    }

    // After a pattern, nobody being there is no surprise.
    private void ToNobody(ActorRefWithCell from, int index)
    {
        if (_fannedOut) return;
        IActorRefProvider provider = from.Provider;
        ActorPath path = from.Path / _elements.Skip(index).Select(element => element.ToString()!);
        new EmptyLocalActorRef(provider, path, provider.System.EventStream).Tell(selection.Message, sender);
    }

    private ActorSelectionMessage Rest(int index) => index == 0 && _fannedOut == selection.WildCardFanOut
        ? selection
        : new ActorSelectionMessage(selection.Message, [.. _elements.Skip(index)], _fannedOut);

    private void Drop(IActorRef anchor, string why)
    {
        if (anchor is not IInternalActorRef { Provider: { } provider }) return;
        provider.System.EventStream.Publish(
            new Dropped(selection.Message, why, sender ?? provider.DeadLetters, anchor));
    }

    private static int LooksOf(IReadOnlyList<SelectionPathElement> elements)
    {
        bool pattern = false;
        foreach (SelectionPathElement element in elements)
        {
            if (pattern && element is SelectParent) return MostLooks;
            pattern |= element is SelectChildPattern;
        }
        return int.MaxValue;
    }
}
