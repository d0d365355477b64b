using Akka.Actor;

namespace Akka.Cluster;

/// <summary>
/// Who decides which unreachable members are declared dead. The class named by
/// <c>akka.cluster.downing-provider-class</c> has a constructor that takes the <see cref="ActorSystem"/>, and maybe
/// the <see cref="Cluster"/> after it.
/// </summary>
public interface IDowningProvider
{
    /// <summary>
    /// How long others wait after a member was downed, before they take over what it may still be doing.
    /// </summary>
    TimeSpan DownRemovalMargin { get; }

    /// <summary>An actor that watches the membership and calls <see cref="Cluster.Down"/>; null for none.</summary>
    Props? DowningActorProps { get; }
}

/// <summary>Nobody is downed but by people.</summary>
public sealed class NoDowning : IDowningProvider
{
    private readonly Cluster _cluster;

    public NoDowning(ActorSystem system, Cluster cluster)
    {
        _ = system;
        _cluster = cluster;
    }

    public TimeSpan DownRemovalMargin => _cluster.Settings.DownRemovalMargin;

    public Props? DowningActorProps => null;
}
