using Iridium.Benchmarks;

// dotnet run -c Release --project tests/Iridium.Benchmarks -- VERB [--rounds N] [--output ndjson]
//
// A claim of speed is a line that this program printed: ours beside a yardstick, measured in turn in the same run,
// because the machines are noisy and only ratios hold. One verb is one file that implements IBenchmark.

IBenchmark[] benchmarks = typeof(IBenchmark).Assembly.GetTypes()
    .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IBenchmark)))
    .Select(type => (IBenchmark)Activator.CreateInstance(type)!)
    .OrderBy(benchmark => benchmark.Verb, StringComparer.Ordinal)
    .ToArray();

BenchmarkOptions? options = BenchmarkOptions.Parse(args, out string? complaint);
IBenchmark? chosen = options is null ? null : benchmarks.FirstOrDefault(benchmark => benchmark.Verb == options.Verb);
if (options is null || chosen is null)
{
    complaint ??= $"There is no benchmark '{options!.Verb}'.";
    Console.Error.WriteLine($"error: {complaint}");
    Console.Error.WriteLine("usage: Iridium.Benchmarks VERB [--rounds N] [--output table|ndjson] [--filter TEXT]");
    foreach (IBenchmark benchmark in benchmarks)
        Console.Error.WriteLine($"  {benchmark.Verb,-10} {benchmark.Summary}");
    return 2;
}

var report = new FigureReport(Console.Out, options.NdJson);
foreach (Figure figure in chosen.Run(options))
    report.Add(figure);
return 0;
