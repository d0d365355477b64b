using System.Globalization;
using Akka.Util;

namespace Akka.Actor;

/// <summary>
/// The place of an actor in the tree of its system: an address and the names from the root down. An incarnation number
/// (<see cref="Uid"/>) tells actors apart that had the same place one after another; paths compare without it,
/// references with it.
/// </summary>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>, IComparable, ISurrogated
{
    /// <summary>What may stand in a name besides ASCII letters, digits and %XX.</summary>
    internal const string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    private string? _text;

    private protected ActorPath(string name, int depth)
    {
        Name = name;
        Depth = depth;
    }

    public string Name { get; }

    public abstract Address Address { get; }

    public abstract ActorPath Parent { get; }

    public abstract ActorPath Root { get; }

    /// <summary>The incarnation, or <see cref="ActorCell.UndefinedUid"/> where a path names a place only.</summary>
    public abstract long Uid { get; }

    /// <summary>How many names there are from the root; the root has none.</summary>
    public int Depth { get; }

    /// <summary>The names from the root down; the root has a single empty one.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            if (Depth == 0) return [""];
            var names = new string[Depth];
            ActorPath path = this;
            for (int index = Depth - 1; index >= 0; index--, path = path.Parent) names[index] = path.Name;
            return names;
        }
    }

    /// <summary>As <see cref="Elements"/>, with <c>#uid</c> after the last name if the path has one.</summary>
    internal IReadOnlyList<string> ElementsWithUid
    {
        get
        {
            var names = (string[])Elements;
            if (Uid != ActorCell.UndefinedUid) names[^1] = names[^1] + "#" + Uid.ToString(CultureInfo.InvariantCulture);
            return names;
        }
    }

    /// <summary>The path of a child, keeping only the text of the name: <c>name#uid</c> gives a path with a
    /// uid.</summary>
    public ActorPath Child(string childName)
    {
        (string name, long uid) = ActorCell.GetNameAndUid(childName);
        return new ChildActorPath(this, name, uid);
    }

    public abstract ActorPath WithUid(long uid);

    public static ActorPath operator /(ActorPath path, string name) => path.Child(name);

    public static ActorPath operator /(ActorPath path, IEnumerable<string> names) =>
        names.Aggregate(path, (parent, name) => string.IsNullOrEmpty(name) ? parent : parent / name);

    /// <summary>The path so many names above this one.</summary>
    public ActorPath ParentOf(int depth)
    {
        ActorPath path = this;
        if (depth < 0)
        {
            for (; depth < 0 && path.Depth > 0; depth++) path = path.Parent;
            return path;
        }
        while (path.Depth > depth) path = path.Parent;
        return path;
    }

    /// <summary><c>/user/a/b</c>.</summary>
    public string ToStringWithoutAddress() => Depth == 0 ? "/" : "/" + string.Join('/', Elements);

    /// <summary><c>akka://system/user/a</c>.</summary>
    public override string ToString() => _text ??= Depth == 0 ? Address + "/" : Address + ToStringWithoutAddress();

    public string ToStringWithAddress() => ToString();

    /// <summary>The text with this address, unless the path already has the address of a host.</summary>
    public string ToStringWithAddress(Address address)
    {
        if (this.IsIgnorePath()) return ToString();
        return (Address.HasGlobalScope ? Address : address) + ToStringWithoutAddress();
    }

    public string ToStringWithUid() => ToString() + UidSuffix();

    /// <summary>The text that travels: with the incarnation.</summary>
    public string ToSerializationFormat() => ToString() + UidSuffix();

    public string ToSerializationFormatWithAddress(Address address) =>
        this.IsIgnorePath() ? ToString() : ToStringWithAddress(address) + UidSuffix();

    public static string FormatPathElements(IEnumerable<string> pathElements) => "/" + string.Join('/', pathElements);

    public bool Equals(ActorPath? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || Depth != other.Depth) return false;
        ActorPath left = this;
        ActorPath right = other;
        while (left.Depth > 0)
        {
            if (ReferenceEquals(left, right)) return true;
            if (!string.Equals(left.Name, right.Name, StringComparison.Ordinal)) return false;
            left = left.Parent;
            right = right.Parent;
        }
        return left.Address.Equals(right.Address);
    }

    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    public override int GetHashCode()
    {
        int hash = Address.GetHashCode();
        for (ActorPath path = this; path.Depth > 0; path = path.Parent) hash = StableHash.Combine(hash, path.Name);
        return hash;
    }

    public int CompareTo(ActorPath? other) =>
        ReferenceEquals(this, other) ? 0 : string.CompareOrdinal(ToString(), other?.ToString());

    int IComparable.CompareTo(object? obj) => CompareTo(obj as ActorPath);

    public static bool operator ==(ActorPath? left, ActorPath? right) => left?.Equals(right) ?? right is null;

    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);

    /// <exception cref="UriFormatException">The text is not the full path of an actor.</exception>
    public static ActorPath Parse(string path) =>
        TryParse(path, out ActorPath? parsed)
            ? parsed!
            : throw new UriFormatException(
                $"'{path}' is not an actor path; write protocol://system[@host:port]/user/name.");

    public static bool TryParse(string path, out ActorPath? actorPath)
    {
        actorPath = null;
        if (!TryParseAddress(path, out Address? address, out ReadOnlySpan<char> rest)) return false;
        return TryParse(new RootActorPath(address!), rest, out actorPath);
    }

    /// <summary>Follows the names of <paramref name="path"/> from <paramref name="basePath"/>, <c>..</c>
    /// included.</summary>
    public static bool TryParse(ActorPath? basePath, string path, out ActorPath? actorPath)
    {
        if (basePath is null || !path.StartsWith('/') && path.Contains("://")) return TryParse(path, out actorPath);
        return TryParse(path.StartsWith('/') ? basePath.Root : basePath, path.AsSpan(), out actorPath);
    }

    public static bool TryParse(ActorPath basePath, ReadOnlySpan<char> absoluteUri, out ActorPath? actorPath)
    {
        actorPath = basePath;
        long uid = ActorCell.UndefinedUid;
        int hash = absoluteUri.IndexOf('#');
        if (hash >= 0)
        {
            if (!long.TryParse(absoluteUri[(hash + 1)..], NumberStyles.None, null, out uid)) return false;
            absoluteUri = absoluteUri[..hash];
        }
        while (!absoluteUri.IsEmpty)
        {
            int slash = absoluteUri.IndexOf('/');
            ReadOnlySpan<char> name = slash < 0 ? absoluteUri : absoluteUri[..slash];
            absoluteUri = slash < 0 ? default : absoluteUri[(slash + 1)..];
            if (name.IsEmpty) continue;
            actorPath = name is ".." ? actorPath.Parent : new ChildActorPath(actorPath, name.ToString());
        }
        if (uid != ActorCell.UndefinedUid) actorPath = actorPath.WithUid(uid);
        return true;
    }

    public static bool TryParseAddress(string path, out Address? address) => TryParseAddress(path, out address, out _);

    public static bool TryParseAddress(string path, out Address? address, out ReadOnlySpan<char> absoluteUri) =>
        Address.TryParse(path.AsSpan(), out address, out absoluteUri);

    public static bool IsValidPathElement(string text)
    {
        if (string.IsNullOrEmpty(text) || text[0] == '$') return false;
        for (int index = 0; index < text.Length; index++)
        {
            char letter = text[index];
            if (char.IsAsciiLetterOrDigit(letter) || ValidSymbols.Contains(letter)) continue;
            bool escaped = letter == '%' && index + 2 < text.Length
                && char.IsAsciiHexDigit(text[index + 1]) && char.IsAsciiHexDigit(text[index + 2]);
            if (!escaped) return false;
            index += 2;
        }
        return true;
    }

    private string UidSuffix() =>
        Uid == ActorCell.UndefinedUid ? "" : "#" + Uid.ToString(CultureInfo.InvariantCulture);

    public ISurrogate ToSurrogate(ActorSystem system) => new Surrogate { Path = ToSerializationFormat() };

    /// <summary>The form in which a path travels inside serialized objects.</summary>
    public sealed class Surrogate : ISurrogate
    {
        public string Path { get; set; } = "";

        public ISurrogated FromSurrogate(ActorSystem system) => Parse(Path);
    }
}

/// <summary>The top of a tree: an address and no names.</summary>
public sealed class RootActorPath : ActorPath
{
    public RootActorPath(Address address, string name = "") : base(name, 0) => Address = address;

    public override Address Address { get; }

    public override ActorPath Parent => this;

    public override ActorPath Root => this;

    public override long Uid => ActorCell.UndefinedUid;

    public override ActorPath WithUid(long uid) =>
        uid == ActorCell.UndefinedUid ? this
            : throw new NotSupportedException("The root of a tree has no incarnations.");
}

/// <summary>A named place below another.</summary>
public sealed class ChildActorPath : ActorPath
{
    private readonly ActorPath _parent;
    private readonly long _uid;

    public ChildActorPath(ActorPath parentPath, string name, long uid = ActorCell.UndefinedUid)
        : base(name, parentPath.Depth + 1)
    {
        _parent = parentPath;
        _uid = uid;
    }

    public override Address Address => Root.Address;

    public override ActorPath Parent => _parent;

    public override ActorPath Root
    {
        get
        {
            ActorPath path = _parent;
            while (path.Depth > 0) path = path.Parent;
            return path;
        }
    }

    public override long Uid => _uid;

    public override ActorPath WithUid(long uid) => uid == _uid ? this : new ChildActorPath(_parent, Name, uid);
}
