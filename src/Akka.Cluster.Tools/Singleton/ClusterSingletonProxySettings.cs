using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>The settings under <c>akka.cluster.singleton-proxy</c>.</summary>
/// <param name="singletonName">Name of the singleton below its manager.</param>
/// <param name="role">The role among whose members it lives; null or nothing for all.</param>
/// <param name="singletonIdentificationInterval">How long at most until its place is asked for again.</param>
/// <param name="bufferSize">Messages kept while it is not known, up to 10,000; 0: none.</param>
/// <param name="considerAppVersion">As its managers do.</param>
/// <exception cref="ArgumentException">The name is empty, the interval not positive, or the size out of range.</exception>
public sealed class ClusterSingletonProxySettings(
    string singletonName, string? role, TimeSpan singletonIdentificationInterval, int bufferSize, bool considerAppVersion)
{
    private const int LargestBuffer = 10_000;

    public string SingletonName { get; } = Sense.Name(singletonName);

    public string? Role { get; } = Sense.Role(role);

    public TimeSpan SingletonIdentificationInterval { get; } = Sense.Check(
        singletonIdentificationInterval, singletonIdentificationInterval > TimeSpan.Zero,
        nameof(singletonIdentificationInterval), "more than 0");

    public int BufferSize { get; } = Sense.Check(
        bufferSize, bufferSize is >= 0 and <= LargestBuffer, nameof(bufferSize), $"0 to {LargestBuffer}");

    public bool ConsiderAppVersion { get; } = considerAppVersion;

    public static ClusterSingletonProxySettings Create(ActorSystem system) => Create(
        SingletonDefaults.AddTo(system, "akka.cluster.singleton-proxy"),
        system.Settings.Config.GetBoolean("akka.cluster.singleton.consider-app-version"));

    public static ClusterSingletonProxySettings Create(Config config, bool considerAppVersion) => new(
        config.GetString("singleton-name") ?? "singleton",
        config.GetString("role"),
        config.GetTimeSpan("singleton-identification-interval"),
        config.GetInt("buffer-size"),
        considerAppVersion);

    public ClusterSingletonProxySettings WithSingletonName(string singletonName) =>
        new(singletonName, Role, SingletonIdentificationInterval, BufferSize, ConsiderAppVersion);

    public ClusterSingletonProxySettings WithRole(string? role) =>
        new(SingletonName, role, SingletonIdentificationInterval, BufferSize, ConsiderAppVersion);

    public ClusterSingletonProxySettings WithSingletonIdentificationInterval(TimeSpan interval) =>
        new(SingletonName, Role, interval, BufferSize, ConsiderAppVersion);

    public ClusterSingletonProxySettings WithBufferSize(int bufferSize) =>
        new(SingletonName, Role, SingletonIdentificationInterval, bufferSize, ConsiderAppVersion);
}
