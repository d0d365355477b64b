using System.Buffers.Binary;

namespace Iridium.Vm.Image;

/// <summary>
/// The layout of an image:
/// <code>
///   0 –  3   magic 45 50 49 45, "EPIE"
///   4        version: 0 or 1
///   5 – 63   zero, reserved
///  64 – 67   length of the read-only section, u32 little-endian
///  68 –      read-only section, then code
/// </code>
/// </summary>
public static class ImageFormat
{
    public const int VersionOffset = 4;
    public const int ReadOnlyLengthOffset = 64;
    public const int HeaderBytes = 68;

    public static ReadOnlySpan<byte> Magic => "EPIE"u8;

    /// <summary>Puts an image together. The parts are not judged: that is the verifier's work.</summary>
    public static byte[] Compose(int version, ReadOnlySpan<byte> readOnlyData, ReadOnlySpan<byte> code)
    {
        byte[] image = new byte[HeaderBytes + readOnlyData.Length + code.Length];
        Magic.CopyTo(image);
        image[VersionOffset] = (byte)version;
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(ReadOnlyLengthOffset), (uint)readOnlyData.Length);
        readOnlyData.CopyTo(image.AsSpan(HeaderBytes));
        code.CopyTo(image.AsSpan(HeaderBytes + readOnlyData.Length));
        return image;
    }
}
