using System.Text;

namespace Akka.Actor;

/// <summary>
/// Whoever lives at a path, or at all paths of a pattern (<c>*</c> any name, <c>?</c> any letter, <c>**</c>
/// everything below), at the moment a message gets there. It need not exist.
/// </summary>
public class ActorSelection : ICanTell, IEquatable<ActorSelection>
{
    public ActorSelection()
    {
        Anchor = ActorRefs.Nobody;
        Path = [];
    }

    public ActorSelection(IActorRef anchor, SelectionPathElement[] path)
    {
        Anchor = anchor;
        Path = path;
    }

    public ActorSelection(IActorRef anchor, string path) : this(anchor, path == "" ? [] : path.Split('/'))
    {
    }

    public ActorSelection(IActorRef anchor, IEnumerable<string> elements)
    {
        Anchor = anchor;
        Path = [.. elements.Where(element => element.Length > 0).Select(ElementOf)];
    }

    public IActorRef Anchor { get; private set; }

    public SelectionPathElement[] Path { get; private set; }

    public string PathString => "/" + string.Join<SelectionPathElement>('/', Path);

    public void Tell(object message, IActorRef? sender = null)
    {
        if (message is null)
            throw new InvalidMessageException("The message is null; send an object that says what is meant.");
        sender ??= ActorCell.GetCurrentSelfOrNoSender();
        Deliver(Anchor, new ActorSelectionMessage(message, Path), sender);
    }

    /// <summary>The one actor that is there.</summary>
    /// <exception cref="ActorNotFoundException">Nobody answered in time.</exception>
    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            ActorIdentity identity = await this.Ask<ActorIdentity>(new Identify(null!), timeout, ct);
            return identity.Subject ?? throw new ActorNotFoundException($"Nobody is at {ToSerializationFormat()}.");
        }
        catch (AskTimeoutException late)
        {
            throw new ActorNotFoundException($"Nobody answered at {ToSerializationFormat()} within {timeout}.", late);
        }
    }

    public string ToSerializationFormat()
    {
        StringBuilder text = new(Anchor is ActorRefWithCell withCell && withCell.Provider is { } provider
            ? Anchor.Path.ToStringWithAddress(provider.DefaultAddress)
            : Anchor.Path.ToString());
        foreach (SelectionPathElement element in Path)
        {
            if (text.Length == 0 || text[^1] != '/') text.Append('/');
            text.Append(element);
        }
        return text.ToString();
    }

    public bool Equals(ActorSelection? other) =>
        other is not null && Anchor.Equals(other.Anchor) && PathString == other.PathString;

    public override bool Equals(object? obj) => Equals(obj as ActorSelection);

    public override int GetHashCode() => StableHash.Combine(Anchor.GetHashCode(), PathString);

    public override string ToString() => $"ActorSelection[Anchor({Anchor.Path}), Path({PathString})]";

    /// <summary>Walks as far as the tree is local, then leaves the rest of the way to whoever is next.</summary>
    internal static void Deliver(IActorRef anchor, ActorSelectionMessage selection, IActorRef? sender) =>
        new SelectionWalk(selection, sender).From(anchor);

    private static SelectionPathElement ElementOf(string text) => text switch
    {
        ".." => new SelectParent(),
        "**" => new SelectChildRecursive(),
        _ when text.Contains('*') || text.Contains('?') => new SelectChildPattern(text),
        _ => new SelectChildName(text),
    };
}

/// <summary>One step of a selection.</summary>
public abstract class SelectionPathElement
{
}

/// <summary>To the child of this name.</summary>
public sealed class SelectChildName(string name) : SelectionPathElement, IEquatable<SelectChildName>
{
    public string Name { get; } = name;

    public bool Equals(SelectChildName? other) => other is not null && Name == other.Name;

    public override bool Equals(object? obj) => Equals(obj as SelectChildName);

    public override int GetHashCode() => StableHash.Of(Name);

    public override string ToString() => Name;
}

/// <summary>To all children whose name fits.</summary>
public sealed class SelectChildPattern(string patternStr) : SelectionPathElement, IEquatable<SelectChildPattern>
{
    private string? _glob;

    public string PatternStr { get; } = patternStr;

    public bool Matches(string name)
    {
        if (PatternStr == "*") return true;
        return Glob.Matches(_glob ??= Glob.Of(PatternStr), name);
    }

    public bool Equals(SelectChildPattern? other) => other is not null && PatternStr == other.PatternStr;

    public override bool Equals(object? obj) => Equals(obj as SelectChildPattern);

    public override int GetHashCode() => StableHash.Of(PatternStr);

    public override string ToString() => PatternStr;
}

/// <summary>To everybody below.</summary>
public sealed class SelectChildRecursive : SelectionPathElement, IEquatable<SelectChildRecursive>
{
    public bool Equals(SelectChildRecursive? other) => other is not null;

    public override bool Equals(object? obj) => obj is SelectChildRecursive;

    public override int GetHashCode() => 3;

    public override string ToString() => "**";
}

/// <summary>To the parent.</summary>
public sealed class SelectParent : SelectionPathElement, IEquatable<SelectParent>
{
    public bool Equals(SelectParent? other) => other is not null;

    public override bool Equals(object? obj) => obj is SelectParent;

    public override int GetHashCode() => 2;

    public override string ToString() => "..";
}

/// <summary>A message on its way along a selection.</summary>
public class ActorSelectionMessage(object message, IReadOnlyList<SelectionPathElement> elements,
    bool wildCardFanOut = false)
    : IAutoReceivedMessage, IPossiblyHarmful
{
    public object Message { get; } = message;

    /// <summary>The steps still to go.</summary>
    public IReadOnlyList<SelectionPathElement> Elements { get; } = elements;

    /// <summary>A pattern came before, so that nobody being there is no surprise.</summary>
    public bool WildCardFanOut { get; } = wildCardFanOut;

    internal ActorSelectionMessage From(int index) =>
        index == 0 ? this : new ActorSelectionMessage(Message, Elements.Skip(index).ToArray(), WildCardFanOut);

    public override string ToString() =>
        $"ActorSelectionMessage - Message: {Event.MessageText.Of(Message)} - Elements: "
        + Event.MessageText.Cut("/" + string.Join('/', Elements));
}

/// <summary>Selections from paths, the same for systems and contexts.</summary>
internal static class ActorRefFactoryShared
{
    public static ActorSelection ActorSelection(ActorPath path, ActorSystem system) =>
        new(((ExtendedActorSystem)system).Provider.RootGuardianAt(path.Address), path.Elements);

    /// <summary>Full (<c>akka://…</c>), from the root (<c>/user/a</c>), or relative to <paramref
    /// name="lookupRoot"/>.</summary>
    public static ActorSelection ActorSelection(string path, ActorSystem system, IActorRef lookupRoot)
    {
        IActorRefProvider provider = ((ExtendedActorSystem)system).Provider;
        if (path.Contains("://"))
        {
            if (!ActorPath.TryParseAddress(path, out Address? address, out ReadOnlySpan<char> rest))
                return new ActorSelection(provider.DeadLetters, "");
            return new ActorSelection(provider.RootGuardianAt(address!), rest.ToString().Split('/'));
        }
        return path.StartsWith('/')
            ? new ActorSelection(provider.RootGuardian, path.Split('/'))
            : new ActorSelection(lookupRoot, path.Split('/'));
    }

    public static ActorSelection ActorSelection(IActorRefFactory factory, IActorRef anchor, string path) =>
        new(anchor, path);
}
