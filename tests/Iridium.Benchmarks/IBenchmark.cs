namespace Iridium.Benchmarks;

/// <summary>One verb of the program. Found by reflection: a new benchmark is a new file.</summary>
internal interface IBenchmark
{
    /// <summary>What is typed to run it.</summary>
    string Verb { get; }

    /// <summary>One line for the usage text.</summary>
    string Summary { get; }

    /// <summary>Measures and yields figures as they become known.</summary>
    IEnumerable<Figure> Run(BenchmarkOptions options);
}

/// <param name="Rounds">How often each contender runs, in turn with the others.</param>
/// <param name="Filter">Only figures whose name contains this are measured; null for all.</param>
internal sealed record BenchmarkOptions(string Verb, int Rounds, bool NdJson, string? Filter)
{
    public bool Wants(string name) => Filter is null || name.Contains(Filter, StringComparison.OrdinalIgnoreCase);

    public static BenchmarkOptions? Parse(string[] args, out string? complaint)
    {
        complaint = null;
        var options = new BenchmarkOptions("", 5, false, null);
        for (int index = 0; index < args.Length; index++)
        {
            string? value = index + 1 < args.Length ? args[index + 1] : null;
            switch (args[index])
            {
                case "--rounds" when int.TryParse(value, out int rounds) && rounds > 0:
                    options = options with { Rounds = rounds };
                    index++;
                    break;
                case "--output" when value is "ndjson" or "table":
                    options = options with { NdJson = value == "ndjson" };
                    index++;
                    break;
                case "--filter" when value is not null:
                    options = options with { Filter = value };
                    index++;
                    break;
                case var verb when options.Verb == "" && !verb.StartsWith('-'):
                    options = options with { Verb = verb };
                    break;
                default:
                    complaint = $"'{args[index]}' is not understood here.";
                    return null;
            }
        }
        if (options.Verb == "") complaint = "Say which benchmark to run.";
        return options.Verb == "" ? null : options;
    }
}
