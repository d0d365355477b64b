using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Iridium.FaultLab.Hosts;

/// <summary>Makes things that belong to a network namespace: sockets, devices. They belong to the namespace of the thread
/// that makes them.</summary>
internal static class NetworkNamespace
{
    private const int Kind = 0x40000000;

    /// <exception cref="IOException">The namespace cannot be entered.</exception>
    public static T Enter<T>(string name, Func<T> make)
    {
        T? made = default;
        Exception? failure = null;
        // The thread enters, makes it, and ends.
        var inside = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle($"/run/netns/{name}");
                if (setns((int)handle.DangerousGetHandle(), Kind) != 0)
                    throw new IOException($"setns {name}: error {Marshal.GetLastPInvokeError()}");
                made = make();
            }
            catch (Exception thrown)
            {
                failure = thrown;
            }
        });
        inside.Start();
        inside.Join();
        if (failure is not null) ExceptionDispatchInfo.Throw(failure);
        return made!;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int setns(int descriptor, int kind);
}
