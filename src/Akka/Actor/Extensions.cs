namespace Akka.Actor;

/// <summary>Something that a system has one of.</summary>
public interface IExtension
{
}

/// <summary>Knows how to make an extension.</summary>
public interface IExtensionId
{
    Type ExtensionType { get; }

    object Apply(ActorSystem system);

    object Get(ActorSystem system);

    object CreateExtension(ExtendedActorSystem system);
}

public interface IExtensionId<out T> : IExtensionId where T : IExtension
{
    new T Apply(ActorSystem system);

    new T Get(ActorSystem system);

    new T CreateExtension(ExtendedActorSystem system);
}

/// <summary>The base of extension ids: a system makes the extension when it is first asked for.</summary>
public abstract class ExtensionIdProvider<T> : IExtensionId<T> where T : IExtension
{
    public Type ExtensionType => typeof(T);

    public T Apply(ActorSystem system) => (T)system.RegisterExtension(this);

    public T Get(ActorSystem system) => Apply(system);

    public abstract T CreateExtension(ExtendedActorSystem system);

    object IExtensionId.Apply(ActorSystem system) => Apply(system);

    object IExtensionId.Get(ActorSystem system) => Get(system);

    object IExtensionId.CreateExtension(ExtendedActorSystem system) => CreateExtension(system);

    public override bool Equals(object? obj) => obj is ExtensionIdProvider<T>;

    public override int GetHashCode() => StableHash.Of(typeof(T).FullName ?? typeof(T).Name);
}

/// <summary>Asking a system for its extensions.</summary>
public static class ActorSystemWithExtensions
{
    /// <summary>The extension, made by the id of this type if the system does not have it yet.</summary>
    public static T WithExtension<T>(this ActorSystem system) where T : class, IExtension =>
        system.GetExtension<T>() ?? throw new InvalidOperationException(
            $"{typeof(T)} is not registered with {system}; use WithExtension<T, TId>().");

    public static T WithExtension<T, TId>(this ActorSystem system)
        where T : class, IExtension where TId : IExtensionId =>
        system.WithExtension<T>(typeof(TId), static () => Activator.CreateInstance<TId>());

    public static T WithExtension<T, TId>(this ActorSystem system, Func<TId> factory)
        where T : class, IExtension where TId : class, IExtensionId => (T)system.RegisterExtension(factory());

    public static T WithExtension<T>(this ActorSystem system, Type extensionId) where T : class, IExtension =>
        system.WithExtension<T>(extensionId, () => (IExtensionId)Activator.CreateInstance(extensionId)!);

    private static T WithExtension<T>(this ActorSystem system, Type extensionId, Func<IExtensionId> factory)
        where T : class, IExtension
    {
        if (system.HasExtension<T>()) return system.GetExtension<T>();
        IExtensionId id = factory() ?? throw new ArgumentException($"{extensionId} is not an extension id.");
        return (T)system.RegisterExtension(id);
    }
}
