using System.Linq.Expressions;
using System.Reflection;
using Akka.Dispatch;
using Akka.Routing;

namespace Akka.Actor;

/// <summary>Makes actors in a way of its own, for <see cref="Props.CreateBy(IIndirectActorProducer,
/// object[])"/>.</summary>
public interface IIndirectActorProducer
{
    Type ActorType { get; }

    ActorBase Produce();

    void Release(ActorBase actor);
}

/// <summary>The recipe of an actor: what class, with what arguments, deployed how. Never changes.</summary>
public class Props : IEquatable<Props>
{
    public static readonly Props Empty = new(Deploy.Local, typeof(EmptyActor), []);

    /// <summary>No recipe at all.</summary>
    public static readonly Props None = null!;

    private static readonly object?[] NoArguments = [];

    private readonly IIndirectActorProducer? _producer;
    private Func<ActorBase>? _factory;

    public Props() : this(Deploy.Local, typeof(EmptyActor), NoArguments)
    {
    }

    public Props(Type type, params object?[] args) : this(Deploy.Local, type, args)
    {
    }

    public Props(Type type, SupervisorStrategy? supervisorStrategy, IEnumerable<object?> args)
        : this(Deploy.Local, type, [.. args]) => SupervisorStrategy = supervisorStrategy;

    public Props(Deploy deploy, Type type, params object?[] args)
    {
        Deploy = deploy;
        Type = type ?? throw new ArgumentNullException(nameof(type));
        Arguments = args ?? NoArguments;
        CheckType(type);
    }

    private Props(Props other, Deploy deploy, SupervisorStrategy? strategy)
    {
        Deploy = deploy;
        Type = other.Type;
        Arguments = other.Arguments;
        SupervisorStrategy = strategy;
        _producer = other._producer;
        _factory = other._factory;
    }

    private Props(IIndirectActorProducer producer, object?[] args)
    {
        Deploy = Deploy.Local;
        _producer = producer;
        Type = producer.ActorType;
        Arguments = args;
    }

    public Type Type { get; }

    public string TypeName => Type.AssemblyQualifiedName!;

    public object?[] Arguments { get; }

    public Deploy Deploy { get; }

    public SupervisorStrategy? SupervisorStrategy { get; }

    public string Dispatcher => Deploy.Dispatcher == Deploy.NoDispatcherGiven
        ? Dispatchers.DefaultDispatcherId
        : Deploy.Dispatcher;

    public string Mailbox => Deploy.Mailbox == Deploy.NoMailboxGiven ? Mailboxes.DefaultMailboxId : Deploy.Mailbox;

    public RouterConfig RouterConfig => Deploy.RouterConfig;

    /// <summary>
    /// <c>Props.Create(() => new Greeter("hello"))</c>. The arguments are evaluated now, the constructor runs for
    /// every actor made, so a restart begins from the same arguments.
    /// </summary>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null)
        where TActor : ActorBase
    {
        if (factory.Body is not NewExpression construction)
            throw new ArgumentException("The factory must be a plain `() => new MyActor(...)`.", nameof(factory));
        object?[] arguments = construction.Arguments.Count == 0
            ? NoArguments
            : [.. construction.Arguments.Select(CapturedValue.Of)];
        return new Props(typeof(TActor), supervisorStrategy, arguments);
    }

    public static Props Create<TActor>(params object?[] args) where TActor : ActorBase => new(typeof(TActor), args);

    public static Props Create<TActor>(SupervisorStrategy? supervisorStrategy) where TActor : ActorBase, new() =>
        new(typeof(TActor), supervisorStrategy, NoArguments);

    public static Props Create(Type type, params object?[] args) => new(type, args);

    public static Props CreateBy<TProducer>(params object?[] args) where TProducer : class, IIndirectActorProducer =>
        CreateBy((IIndirectActorProducer)Activator.CreateInstance(typeof(TProducer), args)!, args!);

    public static Props CreateBy(IIndirectActorProducer producer, params object?[] args) => new(producer, args);

    public Props WithDispatcher(string dispatcher) => With(Deploy.WithDispatcher(dispatcher));

    public Props WithMailbox(string mailbox) => With(Deploy.WithMailbox(mailbox));

    public Props WithRouter(RouterConfig routerConfig) => With(Deploy.WithRouterConfig(routerConfig));

    /// <summary>What this deployment says counts; the present one fills the gaps.</summary>
    public Props WithDeploy(Deploy deploy) => With(deploy.WithFallback(Deploy));

    public Props WithSupervisorStrategy(SupervisorStrategy? supervisorStrategy) =>
        new(this, Deploy, supervisorStrategy);

    /// <summary>Makes the actor object; only its cell does that.</summary>
    public virtual ActorBase NewActor()
    {
        if (_producer is not null) return _producer.Produce();
        _factory ??= ActorShape.Of(Type).FactoryFor(Arguments);
        return _factory();
    }

    public bool Equals(Props? other)
    {
        if (ReferenceEquals(this, other)) return true;
        return other is not null && Type == other.Type && Deploy.Equals(other.Deploy)
            && Equals(SupervisorStrategy, other.SupervisorStrategy) && Arguments.SequenceEqual(other.Arguments);
    }

    public override bool Equals(object? obj) => Equals(obj as Props);

    public override int GetHashCode() => StableHash.Of(Type.FullName ?? Type.Name);

    public override string ToString() => $"Props({Type.Name})";

    /// <summary>This deployment and nothing else, whatever the present one says.</summary>
    internal Props WithExactly(Deploy deploy) => With(deploy);

    private Props With(Deploy deploy) => new(this, deploy, SupervisorStrategy);

    private static void CheckType(Type type)
    {
        if (type.IsAbstract || !typeof(ActorBase).IsAssignableFrom(type))
        {
            throw new ArgumentException(
                $"{type} is not a class of actors: it must be concrete and derive from ActorBase.", nameof(type));
        }
    }

    private sealed class EmptyActor : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }
}

/// <summary>Reads the values that an expression tree captured, without compiling what is only a field of a
/// closure.</summary>
internal static class CapturedValue
{
    public static object? Of(Expression expression)
    {
        switch (expression)
        {
            case ConstantExpression constant:
                return constant.Value;
            case MemberExpression { Member: FieldInfo field } member:
                return field.GetValue(member.Expression is null ? null : Of(member.Expression));
            case MemberExpression { Member: PropertyInfo property } member:
                return property.GetValue(member.Expression is null ? null : Of(member.Expression));
            case UnaryExpression { NodeType: ExpressionType.Convert, Method: null } conversion
                when !conversion.Operand.Type.IsValueType || conversion.Type == typeof(object):
                return Of(conversion.Operand);
            default:
                LambdaExpression lambda = Expression.Lambda(Expression.Convert(expression, typeof(object)));
                return ((Func<object?>)lambda.Compile(preferInterpretation: true))();
        }
    }
}
