using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Iridium.Node.Hosting;

/// <summary>Tells a source from an image: a source is UTF-8 text, an image has bytes that no text has.</summary>
public static class SourceText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (bytes.Contains((byte)0)) return false;
        try
        {
            text = Strict.GetString(bytes).TrimStart('\uFEFF');
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
