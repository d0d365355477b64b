namespace Akka.Configuration.Hocon;

/// <summary>What a configuration may ask for. Texts come from files, but also from other nodes.</summary>
internal static class HoconLimits
{
    /// <summary>Objects, lists and path elements inside one another. People reach 10; a frame of the parser takes
    /// about 300 bytes, so 1,000 levels fit the smallest stack many times over.</summary>
    public const int Depth = 1_000;

    /// <summary>Includes inside one another; more is a file that includes itself.</summary>
    public const int Includes = 50;

    /// <summary>Values that a configuration may unfold to when its substitutions are followed. The largest known
    /// configurations have some 5,000; this many take about 100 MB.</summary>
    public const int Values = 1_000_000;

    /// <summary>Characters of one text put together from pieces, so that doubling a text 40 times ends
    /// early.</summary>
    public const int TextLength = 16 * 1024 * 1024;
}
