using Akka.Cluster.Tools.Singleton;

namespace Akka.Cluster.Tools.Tests.Inside;

/// <summary>What a step wants done, as a line.</summary>
internal static class SingletonSteps
{
    public static string Text(SingletonStep step) => string.Join(", ", step.Effects.Select(effect => effect switch
    {
        SingletonEffect.Send send => $"Send {send.Message.GetType().Name} to {send.To.Port}",
        SingletonEffect.Reply reply => $"Reply {reply.Message.GetType().Name}",
        SingletonEffect.StartSingleton => "Start",
        SingletonEffect.StopSingleton => "Stop",
        SingletonEffect.AcquireLease acquire => $"Acquire {acquire.Question}",
        SingletonEffect.RetryLease retry => $"Retry {retry.Question}",
        SingletonEffect.ReleaseLease release => $"Release {release.Release}",
        _ => effect.GetType().Name,
    }));
}
