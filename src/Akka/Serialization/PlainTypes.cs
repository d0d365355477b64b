using System.Collections;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Akka.Serialization;

/// <summary>What other nodes may always name: values and collections without behaviour of their own, and the common
/// exceptions.</summary>
internal static class PlainTypes
{
    private static readonly Type[] Values =
    [
        typeof(object), typeof(string), typeof(bool), typeof(char), typeof(byte), typeof(sbyte), typeof(short),
        typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double),
        typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
        typeof(Guid), typeof(Uri), typeof(Version), typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(DictionaryEntry),
        typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>), typeof(Tuple<,,,>), typeof(Tuple<,,,,>),
        typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>),
        typeof(ValueTuple<,,,,>),
    ];

    private static readonly Type[] Collections =
    [
        typeof(List<>), typeof(Dictionary<,>), typeof(HashSet<>), typeof(Queue<>), typeof(Stack<>),
        typeof(SortedDictionary<,>), typeof(SortedSet<>), typeof(LinkedList<>), typeof(ReadOnlyCollection<>),
        typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableDictionary<,>), typeof(ImmutableHashSet<>),
        typeof(ImmutableSortedDictionary<,>), typeof(ImmutableSortedSet<>), typeof(ImmutableQueue<>),
        typeof(ImmutableStack<>),
    ];

    private static readonly Type[] Exceptions =
    [
        typeof(Exception), typeof(AggregateException), typeof(ApplicationException), typeof(ArgumentException),
        typeof(ArgumentNullException), typeof(ArgumentOutOfRangeException), typeof(ArithmeticException),
        typeof(DivideByZeroException), typeof(FormatException), typeof(IndexOutOfRangeException),
        typeof(InvalidCastException), typeof(InvalidOperationException), typeof(IOException),
        typeof(KeyNotFoundException), typeof(NotImplementedException), typeof(NotSupportedException),
        typeof(NullReferenceException), typeof(ObjectDisposedException), typeof(OperationCanceledException),
        typeof(OverflowException), typeof(TaskCanceledException), typeof(TimeoutException),
        typeof(UnauthorizedAccessException),
    ];

    /// <summary>The engine's own, which are named with its assembly.</summary>
    public static readonly Type[] OwnExceptions =
    [
        typeof(Akka.Actor.AskTimeoutException), typeof(Akka.Actor.IllegalActorStateException),
        typeof(Akka.Actor.InvalidActorNameException), typeof(Akka.Actor.InvalidMessageException),
    ];

    // By full name alone: frameworks disagree about which assembly a type is in.
    private static readonly Dictionary<string, Type> ByName =
        Values.Concat(Collections).Concat(Exceptions).ToDictionary(type => type.FullName!, StringComparer.Ordinal);

    /// <param name="fullName">Without the assembly.</param>
    public static Type? Named(string fullName) => ByName.GetValueOrDefault(fullName);
}
