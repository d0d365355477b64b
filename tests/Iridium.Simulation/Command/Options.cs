using System.Globalization;

namespace Iridium.Simulation.Command;

/// <summary>What the command line asks for.</summary>
internal sealed class Options
{
    public const string Usage = """
        Runs histories of a simulated cluster. A seed is a history: the same seed, the same events, to the byte.

          dotnet run -c Release --project tests/Iridium.Simulation -- [options]

          --rules           the membership rules alone (quick), under random faults
          --whole           whole nodes at work, under random faults
          --story <name>    whole nodes: join, leave, crash, partition, restart, pause
          --convergence     how many rounds of gossip until all of 10 to 1,000 nodes agree; --json for ndjson

          --seed <n>        the first seed (0)
          --count <n>       how many seeds (1; with --soak 1,000,000 of rules or 100,000 of whole nodes)
          --trace           say what happens; README.md has the legend
          --shrink          leave out faults of a failing seed until it would no longer fail (a soak always does)
          --splits          show shrunk what wild stories split the cluster, too
          --bug <name>      with a planted mistake
          --set <hocon>     with this setting on all whole nodes: 'akka.loglevel = DEBUG' makes a trace talkative

          --soak            many seeds on all processors: progress, every 1,000th seed twice, a summary
          --threads <n>     on so many (all processors)
          --seconds <n>     no longer than this

        Exit codes: 0 all held, 1 something did not, 2 the command line is wrong.
        """;

    private readonly string[] _arguments;

    public Options(string[] arguments)
    {
        _arguments = arguments;
        string[] known =
            ["--rules", "--whole", "--convergence", "--json", "--trace", "--shrink", "--splits", "--soak", "--help"];
        string[] valued = ["--story", "--seed", "--count", "--bug", "--set", "--threads", "--seconds"];
        for (int at = 0; at < arguments.Length; at++)
        {
            if (known.Contains(arguments[at])) continue;
            if (!valued.Contains(arguments[at])) throw new ArgumentException($"There is no option '{arguments[at]}'.");
            if (++at == arguments.Length) throw new ArgumentException($"{arguments[at - 1]} needs a value.");
        }
    }

    public bool Help => _arguments.Length == 0 || Has("--help");

    public bool Convergence => Has("--convergence");

    public bool Json => Has("--json");

    public bool Trace => Has("--trace");

    public bool Shrink => Has("--shrink");

    public bool Splits => Has("--splits");

    public bool Soak => Has("--soak");

    public string? Story => Value("--story");

    public Layer Layer
    {
        get
        {
            Layer layer = Has("--whole") ? Layer.Whole : Layer.Rules;
            if (Value("--bug") is { } bug) layer = layer.With(bug);
            return Value("--set") is { } settings ? layer.Set(settings) : layer;
        }
    }

    public ulong Seed => Number("--seed") ?? 0;

    public ulong? Count => Number("--count");

    public int Threads => (int)(Number("--threads") ?? (ulong)Environment.ProcessorCount);

    public TimeSpan? Limit => Number("--seconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private bool Has(string name) => _arguments.Contains(name);

    private ulong? Number(string name)
    {
        if (Value(name) is not { } text) return null;
        return ulong.TryParse(text, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : throw new ArgumentException($"{name} needs a number, not '{text}'.");
    }

    private string? Value(string name) =>
        Array.IndexOf(_arguments, name) is >= 0 and var at && at + 1 < _arguments.Length ? _arguments[at + 1] : null;
}
