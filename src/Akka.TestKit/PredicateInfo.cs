namespace Akka.TestKit;

/// <summary>A predicate about messages of one type, for expectations about several types at once.</summary>
public class PredicateInfo
{
    private readonly Func<object, bool> _fits;

    private PredicateInfo(Delegate predicate, Type type, Func<object, bool> fits) =>
        (PredicateT, Type, _fits) = (predicate, type, fits);

    public Delegate PredicateT { get; }

    public Type Type { get; }

    public static PredicateInfo Create<T>(Predicate<T> predicateT) =>
        new(predicateT, typeof(T), message => message is T typed && predicateT(typed));

    public override string ToString() => $"a predicate about {Type.Name}";

    internal bool Fits(object message) => _fits(message);
}

public static class PredicateInfoFactory
{
    public static PredicateInfo CreatePredicateInfo<T>(this Predicate<T> predicateT) => PredicateInfo.Create(predicateT);
}
