using System.Runtime.CompilerServices;

namespace Akka.Serialization.Hyperion.Graph;

/// <summary>Numbers of the objects of one message, in the order in which they came. Few are searched one by one, more by
/// their hash.</summary>
internal sealed class Numbering
{
    private const int Few = 8;

    private readonly List<(object Value, bool ByValue)> _objects = [];
    private Dictionary<object, int>? _same;
    private Dictionary<object, int>? _equal;

    public int? Find(object value, bool byValue)
    {
        if (_same is not null)
        {
            return (byValue ? _equal! : _same).TryGetValue(value, out int number) ? number : null;
        }

        for (int i = 0; i < _objects.Count; i++)
        {
            (object known, bool knownByValue) = _objects[i];
            if (ReferenceEquals(known, value)) return i;
            if (byValue && knownByValue && EqualContents.Instance.Equals(known, value)) return i;
        }

        return null;
    }

    /// <summary>Gives the next number.</summary>
    public void Add(object value, bool byValue)
    {
        _objects.Add((value, byValue));
        if (_same is not null)
        {
            Index(_objects.Count - 1);
        }
        else if (_objects.Count > Few)
        {
            _same = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
            _equal = new Dictionary<object, int>(EqualContents.Instance);
            for (int i = 0; i < _objects.Count; i++) Index(i);
        }
    }

    private void Index(int number)
    {
        (object value, bool byValue) = _objects[number];
        (byValue ? _equal! : _same!).TryAdd(value, number);
    }

    private sealed class EqualContents : IEqualityComparer<object>
    {
        public static readonly EqualContents Instance = new();

        public new bool Equals(object? x, object? y) => x!.GetType() == y!.GetType() && x.Equals(y);

        public int GetHashCode(object obj) => obj.GetHashCode();
    }
}
