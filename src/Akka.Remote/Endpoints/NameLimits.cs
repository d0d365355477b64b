using Akka.Actor;
using Akka.Remote.Wire;

namespace Akka.Remote.Endpoints;

/// <summary>
/// How long the names of others may be. They come from others, up to a whole frame in length, and much that is kept of
/// peers has them as its key.
/// </summary>
internal static class NameLimits
{
    /// <summary>Of a host, a system or a protocol. DNS has no name of more than 255.</summary>
    public const int Name = 255;

    /// <summary>Of the whole text of a path on another node. Taken apart it is many times as large, and letters that wait
    /// keep it.</summary>
    public const int Path = 8 * 1024;

    public static bool Allow(Address address) =>
        address.System.Length <= Name && address.Protocol.Length <= Name && address.Host is not { Length: > Name };

    public static bool Allow(Handshake peer) =>
        peer.System.Length <= Name && peer.Protocol.Length <= Name && peer.Host.Length <= Name;
}
