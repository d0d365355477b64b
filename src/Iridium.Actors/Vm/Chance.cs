namespace Iridium.Actors.Vm;

/// <summary>Identities from a seed, so that a run that is repeated has the same ones.</summary>
internal static class Chance
{
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
