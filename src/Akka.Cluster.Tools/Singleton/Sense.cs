namespace Akka.Cluster.Tools.Singleton;

/// <summary>What settings may be.</summary>
internal static class Sense
{
    /// <exception cref="ArgumentException">It is empty.</exception>
    public static string Name(string singletonName) => string.IsNullOrEmpty(singletonName)
        ? throw new ArgumentException("singletonName must not be empty.", nameof(singletonName))
        : singletonName;

    /// <summary>Nothing is no role.</summary>
    public static string? Role(string? role) => string.IsNullOrEmpty(role) ? null : role;

    /// <returns>The value, if it makes sense.</returns>
    /// <exception cref="ArgumentException">It makes none.</exception>
    public static T Check<T>(T value, bool makesSense, string name, string allowed) => makesSense
        ? value
        : throw new ArgumentException($"{name} must be {allowed}, but is {value}.", name);
}
