using System.Reflection;
using Xunit;

namespace TwoEngines;

/// <summary>A spec that holds for the embedded engine alone, on purpose. On Akka.NET's packages it is skipped, and what
/// Akka.NET does instead is the reason that the test run shows.</summary>
internal sealed class EmbeddedFactAttribute : FactAttribute
{
    public EmbeddedFactAttribute(string whatAkkaNetDoes) => Skip = Engine.IsEmbedded ? null : whatAkkaNetDoes;
}

/// <summary>As <see cref="EmbeddedFactAttribute"/>, for a spec in several cases.</summary>
internal sealed class EmbeddedTheoryAttribute : TheoryAttribute
{
    public EmbeddedTheoryAttribute(string whatAkkaNetDoes) => Skip = Engine.IsEmbedded ? null : whatAkkaNetDoes;
}

/// <summary>Which engine the tests were built on.</summary>
internal static class Engine
{
    /// <summary>Directory.Build.targets writes the choice into every test assembly.</summary>
    public static bool IsEmbedded { get; } = typeof(Engine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(each => each.Key == "ActorEngine").Value == "embedded";
}
