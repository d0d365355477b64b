namespace Akka.Actor;

/// <summary>
/// Hash codes that are the same in every process and every run (FNV-1a). The runtime's string hash is salted per
/// process, and would make whatever is ordered or chosen by it differ from run to run of one seed.
/// </summary>
internal static class StableHash
{
    private const uint Offset = 2166136261;
    private const uint Prime = 16777619;

    public static int Of(string text) => (int)Add(Offset, text);

    public static int Of(string first, string second, string? third, int fourth)
    {
        uint hash = Add(Add(Add(Offset, first), second), third ?? "");
        return (int)((hash ^ (uint)fourth) * Prime);
    }

    public static int Combine(int hash, string text) => (int)Add((uint)hash, text);

    private static uint Add(uint hash, string text)
    {
        foreach (char letter in text) hash = (hash ^ letter) * Prime;
        return hash;
    }
}
