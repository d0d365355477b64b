namespace Akka.Cluster.Tools.PublishSubscribe.Internal;

/// <summary>Asks a mediator how many actors of its own node subscribe to this topic outside of groups; the answer is an
/// <see cref="int"/>.</summary>
public sealed class CountSubscribers(string topic)
{
    public string Topic { get; } = topic;
}
