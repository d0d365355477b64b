using System.Globalization;

namespace Iridium.FaultLab.Hosts;

/// <summary>
/// Five hosts and a guest, each a network namespace, joined by a bridge in a namespace of its own: nothing of it
/// touches the machine's network. Faults are made at the hosts' own interfaces, with nft and tc.
/// </summary>
/// <remarks>All names begin with one prefix, so that scripts/faultlab can sweep up after a laboratory that was
/// killed.</remarks>
internal sealed class HostNetwork : IDisposable
{
    public const int Nodes = 5;

    /// <summary>The host where newcomers and attackers live.</summary>
    public const int Guest = Nodes + 1;

    private readonly string _switch;
    private readonly Dictionary<int, Host> _hosts = [];

    // Which host's packets a host does not let in.
    private readonly HashSet<(int From, int To)> _cuts = [];
    private readonly Dictionary<int, int> _lossPercent = [];

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

    /// <summary>The host's line carries so much each way, and queues up to 400 ms of it.</summary>
    public void Slow(int number, int kilobits)
    {
        string shape = $"root tbf rate {Text(kilobits)}kbit burst 4kb latency 400ms";
        this[number].Run("tc", $"qdisc add dev eth0 {shape}");
        Tool.Run("ip", $"netns exec {_switch} tc qdisc add dev port{Text(number)} {shape}");
    }

    public void Unslow(int number)
    {
        this[number].Run("tc", "qdisc del dev eth0 root");
        Tool.Run("ip", $"netns exec {_switch} tc qdisc del dev port{Text(number)} root");
    }

    /// <summary>Ends all cuts and losses.</summary>
    public void Heal()
    {
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

    private void OnSwitch(string words) => Tool.Run("ip", $"-n {_switch} {words}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
