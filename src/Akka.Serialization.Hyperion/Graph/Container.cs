using System.Collections;
using System.Collections.Immutable;
using System.Reflection;

namespace Akka.Serialization.Hyperion.Graph;

/// <summary>
/// How a kind of collection is filled. Most have an identity before they have contents, so that these can refer back to
/// the collection: <see cref="Start"/> makes it and <see cref="Finish"/> fills it. Immutable ones begin to exist with
/// <see cref="Finish"/>.
/// </summary>
internal abstract class Container
{
    /// <summary>What an element must be.</summary>
    public abstract Type Element { get; }

    /// <summary>Exactly <see cref="Dictionary{TKey, TValue}"/>, whose entries are of an older kind.</summary>
    public virtual bool IsPlainDictionary => false;

    /// <summary>The elements get hashed or compared.</summary>
    public virtual bool IsSet => false;

    /// <summary>It cannot exist without its contents.</summary>
    public virtual bool IsBornWhole => false;

    /// <summary>Null for what is born whole.</summary>
    public virtual object? Start() => null;

    /// <exception cref="ArgumentException">The same key came twice.</exception>
    public abstract object Finish(object? started, object?[] elements);

    /// <summary>How to fill collections of a type; null if it is no collection, or none that can be filled.</summary>
    public static Container? Of(Type type)
    {
        Type? open = type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : null;
        if (open is not null && ImmutableContainers.Handles(open))
        {
            return Make(ImmutableContainers.KindOf(open), type.GetGenericArguments(), open);
        }

        if (!typeof(IEnumerable).IsAssignableFrom(type) || type.IsValueType) return null;
        return OfPairs(type) ?? OfSequence(type, open);
    }

    private static Container? OfPairs(Type type)
    {
        if (InterfaceOf(type, typeof(IDictionary<,>)) is not { } pairs) return null;
        Type[] arguments = pairs.GetGenericArguments();
        if (ConstructorOf(type, []) is { } empty) return Make(typeof(FilledPairs<,>), arguments, type, empty);
        return ConstructorOf(type, [pairs]) is { } copying
            ? Make(typeof(CopiedPairs<,>), arguments, type, copying) : null;
    }

    private static Container? OfSequence(Type type, Type? open)
    {
        // A stack that is filled in the order in which it is walked stands on its head.
        bool counted = type.GetProperty("Count", typeof(int)) is not null;
        if (!counted || open == typeof(Stack<>)) return null;
        Type? sequence = InterfaceOf(type, typeof(IEnumerable<>));
        Type element = sequence?.GetGenericArguments()[0] ?? typeof(object);
        if (sequence is not null && ConstructorOf(type, [sequence]) is { } copying)
        {
            return Make(typeof(CopiedSequence<>), [element], type, copying);
        }

        MethodInfo? add = type.GetMethod("Add", [element]);
        return add is not null && ConstructorOf(type, []) is { } empty
            ? Make(typeof(FilledSequence<>), [element], type, empty, add) : null;
    }

    private static ConstructorInfo? ConstructorOf(Type type, Type[] parameters) => type.GetConstructor(parameters);

    private static Type? InterfaceOf(Type type, Type open) => type.GetInterfaces().FirstOrDefault(
        face => face.IsConstructedGenericType && face.GetGenericTypeDefinition() == open);

    private static Container Make(Type open, Type[] arguments, params object[] values) =>
        (Container)Activator.CreateInstance(open.MakeGenericType(arguments), values)!;

    /// <summary>Elements as what they are, in one array.</summary>
    protected static T[] Typed<T>(object?[] elements)
    {
        var typed = new T[elements.Length];
        for (int i = 0; i < typed.Length; i++) typed[i] = (T)elements[i]!;
        return typed;
    }
}

/// <summary>Collections with a constructor that copies a sequence: lists, sets, queues.</summary>
internal sealed class CopiedSequence<T>(Type type, ConstructorInfo copying) : Container
{
    public override Type Element => typeof(T);

    public override bool IsSet => typeof(ISet<T>).IsAssignableFrom(type);

    public override object Start() =>
        System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);

    public override object Finish(object? started, object?[] elements)
    {
        // The constructor runs late, over the object that the contents may already know.
        copying.Invoke(started, [Typed<T>(elements)]);
        return started!;
    }
}

/// <summary>Collections that are made empty and added to.</summary>
internal sealed class FilledSequence<T>(Type type, ConstructorInfo empty, MethodInfo add) : Container
{
    public override Type Element => typeof(T);

    public override bool IsSet => typeof(ISet<T>).IsAssignableFrom(type);

    public override object Start() => empty.Invoke([]);

    public override object Finish(object? started, object?[] elements)
    {
        foreach (object? element in elements) add.Invoke(started, [element]);
        return started!;
    }
}

/// <summary>Dictionaries that are made empty and added to.</summary>
internal sealed class FilledPairs<TKey, TValue>(Type type, ConstructorInfo empty) : Container
    where TKey : notnull
{
    public override Type Element => typeof(object);

    public override bool IsPlainDictionary { get; } = type == typeof(Dictionary<TKey, TValue>);

    public override object Start() => empty.Invoke([]);

    public override object Finish(object? started, object?[] elements)
    {
        var filled = (IDictionary<TKey, TValue>)started!;
        foreach (KeyValuePair<TKey, TValue> pair in Pairs.Of<TKey, TValue>(elements)) filled.Add(pair.Key, pair.Value);
        return started!;
    }
}

/// <summary>Dictionaries with a constructor that takes another one.</summary>
internal sealed class CopiedPairs<TKey, TValue>(Type type, ConstructorInfo copying) : Container
    where TKey : notnull
{
    public override Type Element => typeof(object);

    public override object Start() => System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);

    public override object Finish(object? started, object?[] elements)
    {
        copying.Invoke(started, [new Dictionary<TKey, TValue>(Pairs.Of<TKey, TValue>(elements))]);
        return started!;
    }
}

/// <summary>The two forms of an entry.</summary>
internal static class Pairs
{
    public static IEnumerable<KeyValuePair<TKey, TValue>> Of<TKey, TValue>(object?[] entries) =>
        entries.Select(entry => entry switch
        {
            KeyValuePair<TKey, TValue> pair => pair,
            DictionaryEntry pair => new KeyValuePair<TKey, TValue>((TKey)pair.Key, (TValue)pair.Value!),
            _ => throw new InvalidCastException($"{entry?.GetType().Name ?? "null"} is no entry of a dictionary"),
        });
}

/// <summary>Which collections begin to exist with their contents.</summary>
internal static class ImmutableContainers
{
    private static readonly Type[] Sequences =
    [
        typeof(ImmutableList<>), typeof(ImmutableArray<>), typeof(ImmutableHashSet<>), typeof(ImmutableSortedSet<>),
        typeof(ImmutableQueue<>), typeof(ImmutableStack<>),
    ];

    public static bool Handles(Type open) =>
        Sequences.Contains(open) ||
        open == typeof(ImmutableDictionary<,>) || open == typeof(ImmutableSortedDictionary<,>);

    public static Type KindOf(Type open) =>
        Sequences.Contains(open) ? typeof(ImmutableSequence<>) : typeof(ImmutablePairs<,>);
}

internal sealed class ImmutableSequence<T>(Type open) : Container
{
    public override Type Element => typeof(T);

    public override bool IsBornWhole => true;

    public override bool IsSet => open == typeof(ImmutableHashSet<>) || open == typeof(ImmutableSortedSet<>);

    public override object Finish(object? started, object?[] elements)
    {
        T[] typed = Typed<T>(elements);
        if (open == typeof(ImmutableList<>)) return ImmutableList.Create(typed);
        if (open == typeof(ImmutableArray<>)) return ImmutableArray.Create(typed);
        if (open == typeof(ImmutableHashSet<>)) return ImmutableHashSet.Create(typed);
        if (open == typeof(ImmutableSortedSet<>)) return ImmutableSortedSet.Create(typed);
        if (open == typeof(ImmutableQueue<>)) return ImmutableQueue.Create(typed);
        // A stack is walked from its top, but filled from its bottom.
        Array.Reverse(typed);
        return ImmutableStack.Create(typed);
    }
}

internal sealed class ImmutablePairs<TKey, TValue>(Type open) : Container
    where TKey : notnull
{
    public override Type Element => typeof(object);

    public override bool IsBornWhole => true;

    public override object Finish(object? started, object?[] elements)
    {
        KeyValuePair<TKey, TValue>[] pairs = [.. Pairs.Of<TKey, TValue>(elements)];
        return open == typeof(ImmutableDictionary<,>)
            ? ImmutableDictionary.CreateRange(pairs)
            : ImmutableSortedDictionary.CreateRange(pairs);
    }
}
