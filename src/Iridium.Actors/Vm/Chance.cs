namespace Iridium.Actors.Vm;

/// <summary>Seeds, and identities from them: a run that is repeated from its seed has the same ones.</summary>
internal static class Chance
{
    /// <summary>A seed for who was given none: another one at every start, and for every name.</summary>
    public static int SeedOf(string name, DateTimeOffset now)
    {
        // FNV-1a over the name and the time. The runtime's own hash of a text differs from process to process, which
        // would make a simulation from a seed see different chance each time.
        uint hash = 2166136261;
        foreach (char letter in name) hash = (hash ^ letter) * 16777619;
        for (long ticks = now.UtcTicks; ticks > 0; ticks >>= 8) hash = (hash ^ (byte)ticks) * 16777619;
        return (int)hash;
    }

    /// <summary>A random UUID (version 4).</summary>
    public static Guid NextGuid(this Random chance)
    {
        Span<byte> bytes = stackalloc byte[16];
        chance.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
