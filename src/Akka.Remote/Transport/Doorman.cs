using System.Net;

namespace Akka.Remote.Transport;

/// <summary>How many connections others may hold open here.</summary>
/// <param name="Connections">At once, all together.</param>
/// <param name="Handshakes">Of them, those that are no associations yet.</param>
/// <param name="HandshakesPerAddress">Of these, from one IP address.</param>
internal sealed record ConnectionLimits(int Connections, int Handshakes, int HandshakesPerAddress);

/// <summary>
/// Counts the connections that others made: who opens them without end runs into a limit before this side runs out of
/// memory or descriptors, and peers of other addresses still get in. The listener's thread asks, the switchboard tells.
/// </summary>
internal sealed class Doorman(ConnectionLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _greetingFrom = [];
    private int _open;
    private int _greeting;

    /// <summary>Counts one more connection, unless there are too many.</summary>
    /// <param name="refusal">Why not, for the log.</param>
    public bool TryEnter(EndPoint? from, out string refusal)
    {
        string address = AddressOf(from);
        lock (_gate)
        {
            int same = _greetingFrom.GetValueOrDefault(address);
            refusal = _open >= limits.Connections ? $"{_open} connections are open (limits.connections)"
                : _greeting >= limits.Handshakes ? $"{_greeting} have not introduced themselves (limits.handshakes)"
                : same >= limits.HandshakesPerAddress
                    ? $"{same} of its address have not introduced themselves (limits.handshakes-per-address)"
                : "";
            if (refusal.Length > 0) return false;
            _greetingFrom[address] = same + 1;
            _greeting++;
            _open++;
            return true;
        }
    }

    /// <summary>One that entered has become an association.</summary>
    public void Greeted(EndPoint? from)
    {
        lock (_gate) GreetedLocked(from);
    }

    /// <summary>One that entered is gone.</summary>
    /// <param name="greeted">It had become an association.</param>
    public void Left(EndPoint? from, bool greeted)
    {
        lock (_gate)
        {
            if (!greeted) GreetedLocked(from);
            _open--;
        }
    }

    private void GreetedLocked(EndPoint? from)
    {
        string address = AddressOf(from);
        int left = _greetingFrom[address] - 1;
        if (left == 0) _greetingFrom.Remove(address);
        else _greetingFrom[address] = left;
        _greeting--;
    }

    /// <summary>Who counts as one when connections are counted.</summary>
    public static string AddressOf(EndPoint? from) => from switch
    {
        IPEndPoint ip => ip.Address.ToString(),
        DnsEndPoint name => name.Host,
        _ => "",
    };
}
