namespace Akka.Remote.Tests.Inside;

/// <summary>What a fault on the way, or somebody who means harm, makes of captured bytes.</summary>
internal static class DisturbedBytes
{
    /// <returns>Others, with so many changes: a byte or a bit is another, some are missing, some come twice.</returns>
    public static byte[] Of(byte[] original, int changes, Random chance)
    {
        byte[] bytes = (byte[])original.Clone();
        for (; changes > 0 && bytes.Length > 0; changes--)
        {
            int at = chance.Next(bytes.Length);
            switch (chance.Next(4))
            {
                case 0: bytes[at] = (byte)chance.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << chance.Next(8)); break;
                case 2: bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + chance.Next(9))..]]; break;
                default: bytes = [.. bytes[..at], .. bytes[(at / 2)..at], .. bytes[at..]]; break;
            }
        }
        return bytes;
    }
}
