using System.Globalization;

namespace Iridium.FaultLab.Hosts;

/// <summary>
/// Five hosts and a guest, each a network namespace, joined by a bridge in a namespace of its own: nothing of it
/// touches the machine's network. Faults are made at the hosts' own interfaces, with nft; a slow line is one more bridge
/// between a host and the switch, with this program between the two.
/// </summary>
/// <remarks>All names begin with one prefix, so that scripts/faultlab can sweep up after a laboratory that was
/// killed.</remarks>
internal sealed class HostNetwork : IDisposable
{
    public const int Nodes = 5;

    /// <summary>The host where newcomers and attackers live.</summary>
    public const int Guest = Nodes + 1;

    private static readonly TimeSpan _lineQueue = TimeSpan.FromMilliseconds(400);

    private readonly string _switch;
    private readonly Dictionary<int, Host> _hosts = [];

    // Which host's packets a host does not let in.
    private readonly HashSet<(int From, int To)> _cuts = [];
    private readonly Dictionary<int, int> _lossPercent = [];
    private readonly Dictionary<int, SlowLine> _slow = [];
    private bool _isCubic;

    private HostNetwork(string prefix) => _switch = $"{prefix}-switch";

    public Host this[int number] => _hosts[number];

    /// <param name="prefix">Begins the name of every namespace.</param>
    public static HostNetwork Build(string prefix)
    {
        var network = new HostNetwork(prefix);
        try
        {
            Tool.Run("ip", $"netns add {network._switch}");
            network.OnSwitch("link add br0 type bridge");
            network.OnSwitch("link set br0 up");
            for (int number = 1; number <= Guest; number++) network.Add(new Host(number, $"{prefix}-{Text(number)}"));
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>From now on nothing from one host arrives at the other; the way back stays.</summary>
    public void CutOneWay(int from, int to)
    {
        _cuts.Add((from, to));
        Apply(to);
    }

    public void Cut(int one, int other)
    {
        CutOneWay(one, other);
        CutOneWay(other, one);
    }

    /// <summary>Nothing passes between members of the two groups.</summary>
    public void Partition(IEnumerable<int> ones, IEnumerable<int> others)
    {
        foreach (int one in ones)
        {
            foreach (int other in others) Cut(one, other);
        }
    }

    /// <summary>Every host loses so many of the packets that arrive, at random: each way, that is.</summary>
    public void Lose(int percent)
    {
        foreach (int number in _hosts.Keys)
        {
            _lossPercent[number] = percent;
            Apply(number);
        }
    }

    /// <summary>Connections from now on leave it to cubic how much is under way, whatever the machine's owner has chosen.
    /// It is what Linux does by default; and it is this choice that decides how much is lost behind a full queue.</summary>
    public void UseCubic()
    {
        foreach (Host host in _hosts.Values) Route(host, "congctl cubic");
        _isCubic = true;
    }

    /// <summary>From now on the host's line to the switch carries so much each way, takes so long from end to end, and
    /// queues up to 400 ms of what it carries; what comes when the queue is full is lost.</summary>
    public void Slow(int number, int kilobits, TimeSpan delay)
    {
        (string port, string outer, string near, string far) = NamesOf(number);
        OnSwitch($"link add {outer} type bridge");
        OnSwitch($"link set {outer} up");
        var line = new SlowLine(Tap.Open(_switch, near), Tap.Open(_switch, far),
            () => new LinePace(kilobits, delay, _lineQueue));
        _slow.Add(number, line);
        OnSwitch($"link set {near} master {outer} up");
        OnSwitch($"link set {far} master br0 up");
        OnSwitch($"link set {port} master {outer}");
    }

    public void Unslow(int number)
    {
        if (!_slow.Remove(number, out SlowLine? line)) return;
        (string port, string outer, string near, string far) = NamesOf(number);
        OnSwitch($"link set {port} master br0");
        foreach (string gone in (string[])[near, far, outer]) OnSwitch($"link del {gone}");
        line.Dispose();
    }

    /// <summary>Ends all cuts and losses, makes lines fast again, and leaves congestion to the machine.</summary>
    public void Heal()
    {
        if (_isCubic)
        {
            foreach (Host host in _hosts.Values) Route(host, "");
            _isCubic = false;
        }
        foreach (int number in _slow.Keys.ToArray()) Unslow(number);
        _cuts.Clear();
        _lossPercent.Clear();
        foreach (int number in _hosts.Keys) Apply(number);
    }

    public void Dispose()
    {
        foreach (string name in _hosts.Values.Select(host => host.Namespace).Append(_switch))
            Tool.Try("ip", $"netns del {name}");
    }

    private void Add(Host host)
    {
        _hosts.Add(host.Number, host);
        string port = $"port{Text(host.Number)}";
        Tool.Run("ip", $"netns add {host.Namespace}");
        OnSwitch($"link add {port} type veth peer name eth0 netns {host.Namespace}");
        OnSwitch($"link set {port} master br0 up");
        Tool.Run("ip", $"-n {host.Namespace} link set lo up");
        Tool.Run("ip", $"-n {host.Namespace} addr add {host.Ip}/24 dev eth0");
        Tool.Run("ip", $"-n {host.Namespace} link set eth0 up");
        host.Run("nft", "-f -", """
            table ip faults {
              chain arriving { type filter hook input priority 0; }
            }
            """);
    }

    /// <summary>Replaces what a host does with what arrives, in one step.</summary>
    private void Apply(int number)
    {
        List<string> rules = ["flush chain ip faults arriving"];
        foreach ((int from, _) in _cuts.Where(cut => cut.To == number))
            rules.Add($"add rule ip faults arriving ip saddr {Host.IpOf(from)} drop");
        if (_lossPercent.TryGetValue(number, out int percent) && percent > 0)
            rules.Add($"add rule ip faults arriving iif eth0 numgen random mod 100 < {Text(percent)} drop");
        this[number].Run("nft", "-f -", string.Join('\n', rules) + "\n");
    }

    private static void Route(Host host, string how) =>
        Tool.Run("ip", $"-n {host.Namespace} route change 10.0.0.0/24 dev eth0 src {host.Ip} {how}");

    // A host's cable ends at its port. While its line is slow the port is on a bridge of its own, and the line between
    // that one and the switch.
    private static (string Port, string Outer, string Near, string Far) NamesOf(int number) =>
        ($"port{Text(number)}", $"outer{Text(number)}", $"near{Text(number)}", $"far{Text(number)}");

    private void OnSwitch(string words) => Tool.Run("ip", $"-n {_switch} {words}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
