using System.Collections.Concurrent;
using System.Reflection;
using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>What the engine needs to know of an actor class, found out once per class.</summary>
internal sealed class ActorShape
{
    private static readonly ConcurrentDictionary<Type, ActorShape> Known = new();

    private readonly Type _type;
    private readonly ConstructorInfo[] _constructors;
    private Func<ActorBase>? _parameterless;

    private ActorShape(Type type)
    {
        _type = type;
        _constructors = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public);
        HasStash = typeof(IActorStash).IsAssignableFrom(type);
        HasTimers = typeof(IWithTimers).IsAssignableFrom(type);
        LogsReceive = typeof(ILogReceive).IsAssignableFrom(type);
        // By name: the method is the subclasses' own business, and not visible here.
        const string AroundReceive = "AroundReceive";
        const BindingFlags members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        Intercepts = type.GetMethod(AroundReceive, members, [typeof(Receive), typeof(object)])!
            .DeclaringType != typeof(ActorBase);
        RequiredQueue = type.GetInterfaces()
            .FirstOrDefault(face => face.IsGenericType
                && face.GetGenericTypeDefinition() == typeof(IRequiresMessageQueue<>))
            ?.GetGenericArguments()[0];
    }

    public bool HasStash { get; }

    public bool HasTimers { get; }

    /// <summary>The class wants what it receives in the log.</summary>
    public bool LogsReceive { get; }

    /// <summary>The class overrides AroundReceive.</summary>
    public bool Intercepts { get; }

    /// <summary>The kind of queue that the class asks for.</summary>
    public Type? RequiredQueue { get; }

    public static ActorShape Of(Type type) => Known.GetOrAdd(type, static known => new ActorShape(known));

    /// <summary>A way to make actors of this class with these arguments, as often as needed.</summary>
    public Func<ActorBase> FactoryFor(object?[] arguments)
    {
        if (arguments.Length == 0)
        {
            ConstructorInfo? plain = Array.Find(_constructors, constructor => constructor.GetParameters().Length == 0);
            if (plain is not null) return _parameterless ??= PlainFactory(plain);
        }
        (ConstructorInfo found, object?[] values) = Match(arguments);
        ConstructorInvoker invoker = ConstructorInvoker.Create(found);
        return values.Length switch
        {
            1 => () => (ActorBase)invoker.Invoke(values[0]),
            2 => () => (ActorBase)invoker.Invoke(values[0], values[1]),
            _ => () => (ActorBase)invoker.Invoke(values.AsSpan()),
        };
    }

    private Func<ActorBase> PlainFactory(ConstructorInfo plain)
    {
        ConstructorInvoker invoker = ConstructorInvoker.Create(plain);
        return () => (ActorBase)invoker.Invoke();
    }

    private (ConstructorInfo Constructor, object?[] Values) Match(object?[] arguments)
    {
        ConstructorInfo? best = null;
        int bestScore = -1;
        foreach (ConstructorInfo constructor in _constructors)
        {
            int score = Score(constructor.GetParameters(), arguments);
            if (score > bestScore) (best, bestScore) = (constructor, score);
        }
        if (best is null)
        {
            string given = string.Join(", ", arguments.Select(argument => argument?.GetType().Name ?? "null"));
            throw new MissingMethodException($"{_type} has no public constructor for ({given}).");
        }
        ParameterInfo[] parameters = best.GetParameters();
        var values = new object?[parameters.Length];
        for (int index = 0; index < values.Length; index++)
            values[index] = index < arguments.Length ? arguments[index] : parameters[index].DefaultValue;
        return (best, values);
    }

    // An exact type counts more than one that is assignable; a constructor whose defaults must be used counts less.
    private static int Score(ParameterInfo[] parameters, object?[] arguments)
    {
        if (arguments.Length > parameters.Length) return -1;
        int score = parameters.Length == arguments.Length ? 1 : 0;
        for (int index = 0; index < parameters.Length; index++)
        {
            Type wanted = parameters[index].ParameterType;
            if (index >= arguments.Length)
            {
                if (!parameters[index].HasDefaultValue) return -1;
                continue;
            }
            object? argument = arguments[index];
            if (argument is null)
            {
                if (wanted.IsValueType && Nullable.GetUnderlyingType(wanted) is null) return -1;
                score += 2;
            }
            else if (wanted == argument.GetType()) score += 4;
            else if (wanted.IsInstanceOfType(argument)) score += 2;
            else return -1;
        }
        return score;
    }
}
