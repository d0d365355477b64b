using System.Collections.Immutable;

namespace Akka.Actor.Setup;

/// <summary>The setups of an actor system: at most one of each type, a later one replaces an earlier one.</summary>
public sealed class ActorSystemSetup
{
    public static readonly ActorSystemSetup Empty = new(ImmutableDictionary<Type, Setup>.Empty);

    private readonly ImmutableDictionary<Type, Setup> _setups;

    private ActorSystemSetup(ImmutableDictionary<Type, Setup> setups) => _setups = setups;

    public static ActorSystemSetup Create(params Setup[] setups) =>
        setups.Aggregate(Empty, (all, setup) => all.WithSetup(setup));

    /// <returns>The setup of exactly this type, or none.</returns>
    public Akka.Util.Option<T> Get<T>() where T : Setup =>
        _setups.TryGetValue(typeof(T), out Setup? setup) ? new Akka.Util.Option<T>((T)setup) : Akka.Util.Option<T>.None;

    public ActorSystemSetup WithSetup<T>(T setup) where T : Setup => new(_setups.SetItem(setup.GetType(), setup));

    public ActorSystemSetup And<T>(T setup) where T : Setup => WithSetup(setup);
}
