using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Iridium.FaultLab.Hosts;

/// <summary>An interface whose cable ends in this program: what the kernel sends there is read here, whole packets with
/// their checksums, and what is written here arrives there.</summary>
internal sealed class Tap : IDisposable
{
    public const string Device = "/dev/net/tun";

    private const uint SetInterface = 0x400454CA;
    private const short PacketsOfEthernet = 0x0002;
    private const short NothingBefore = 0x1000;
    private const int NameBytes = 16;
    private const int RequestBytes = 40;

    private readonly FileStream _packets;

    private Tap(SafeFileHandle handle) => _packets = new FileStream(handle, FileAccess.ReadWrite, bufferSize: 0);

    /// <summary>Makes the interface; it lives until this is disposed, or it is deleted.</summary>
    public static Tap Open(string inNamespace, string name) => NetworkNamespace.Enter(inNamespace, () =>
    {
        SafeFileHandle handle = File.OpenHandle(Device, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        byte[] request = new byte[RequestBytes];
        System.Text.Encoding.ASCII.GetBytes(name, request.AsSpan(0, NameBytes - 1));
        MemoryMarshal.Write(request.AsSpan(NameBytes), (short)(PacketsOfEthernet | NothingBefore));
        if (ioctl(handle, SetInterface, request) == 0) return new Tap(handle);
        handle.Dispose();
        throw new IOException($"{Device} gives no {name}: error {Marshal.GetLastPInvokeError()}");
    });

    /// <exception cref="IOException">The interface is deleted.</exception>
    public int Read(Span<byte> packet) => _packets.Read(packet);

    /// <exception cref="IOException">The interface is deleted.</exception>
    public void Write(ReadOnlySpan<byte> packet) => _packets.Write(packet);

    public void Dispose() => _packets.Dispose();

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(SafeFileHandle descriptor, nuint request, byte[] argument);
}
