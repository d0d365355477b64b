using System.Runtime.InteropServices;

namespace Akka.Engine;

/// <summary>The kernel's calls that wait for sockets. Failures are the caller's to notice: a negative number.</summary>
internal static unsafe partial class Epoll
{
    public const uint In = 0x001;
    public const uint Out = 0x004;
    public const uint OneShot = 1u << 30;
    public const int Add = 1;
    public const int Remove = 2;
    public const int Modify = 3;
    public const int CloseOnExec = 0x80000;

    // The kernel packs the structure on x86 only.
    private static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;

    public static int EventBytes { get; } = IsPacked ? 12 : 16;

    private static int DataOffset { get; } = IsPacked ? 4 : 8;

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int Wait(int epoll, byte* events, int most, int milliseconds);

    public static int Control(int epoll, int operation, int descriptor, uint events, long id)
    {
        byte* each = stackalloc byte[16];
        *(uint*)each = events;
        *(long*)(each + DataOffset) = id;
        return Control(epoll, operation, descriptor, each);
    }

    public static (uint Events, long Id) Read(byte* events, int index)
    {
        byte* each = events + index * EventBytes;
        return (*(uint*)each, *(long*)(each + DataOffset));
    }

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int descriptor, byte* each);
}
