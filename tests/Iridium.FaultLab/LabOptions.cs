using System.Globalization;
using Iridium.FaultLab.Nodes;
using Iridium.FaultLab.Rows;

namespace Iridium.FaultLab;

/// <param name="Rows">The rows to run, in the table's order.</param>
/// <param name="Quick">Shorter faults and fewer repetitions.</param>
/// <param name="Trials">How often rows that measure times repeat them, if said.</param>
/// <param name="Level">How long row 7 stays at each of its levels, if said.</param>
/// <param name="Previous">The folder of an earlier build, from which row 24 rolls to the present one.</param>
/// <param name="Tls">The nodes of row 6's full line speak TLS.</param>
/// <param name="Prefix">Begins the names of the namespaces.</param>
internal sealed record LabOptions(
    IReadOnlyList<Row> Rows, bool Quick, bool NdJson, bool KeepLogs, bool List, string Prefix, int? Trials = null,
    TimeSpan? Level = null, string? Previous = null, bool Tls = false)
{
    private const int RowWithTls = 6;

    private const int RowWithLevels = 7;

    private const int RowWithVersions = 24;

    private const int SecondsOfDay = 24 * 60 * 60;

    public const string Usage = """
        usage: scripts/faultlab [options]
          --row N         run this row of the table of faults; may be said again
          --rows A-B      run the rows from A to B
          --rotate N      run one row: the N-th, counted round and round
          --quick         shorter faults, fewer repetitions
          --trials N      repeat so often what is timed; of 30 and more the 99th percentile counts, of fewer the worst
          --tls           row 6: the nodes whose line is full of many messages speak TLS
          --level-seconds N
                          row 7: stay so long at each level of loss, 1 to 86400; as it is, 45, and 15 with --quick
          --previous DIR  row 24: start with the iridium of an earlier build, whose output is in this folder, and
                          let each restart be one to the present build
          --list          say which rows there are, and run none
          --output ndjson one JSON object a line instead of the table
          --keep-logs     keep what the nodes wrote, and say where
        Five hosts in network namespaces, a real node on each; needs root, ip and nft.
        """;

    public static LabOptions? Parse(string[] words, out string? complaint)
    {
        complaint = null;
        HashSet<int> wanted = [];
        var options = new LabOptions(RowTable.All, false, false, false, false, $"faultlab-{Environment.ProcessId}");
        for (int at = 0; at < words.Length; at++)
        {
            string value = at + 1 < words.Length ? words[at + 1] : "";
            switch (words[at])
            {
                case "--row" when Number(value) is { } row && RowTable.All.Any(each => each.Number == row):
                    wanted.Add(row);
                    at++;
                    break;
                case "--rows" when value.Split('-') is [string first, string last]
                    && Number(first) is { } from && Number(last) is { } to:
                    wanted.UnionWith(RowTable.All.Select(row => row.Number).Where(row => row >= from && row <= to));
                    at++;
                    break;
                case "--rotate" when Number(value) is { } turn:
                    wanted.Add(RowTable.Rotation[turn % RowTable.Rotation.Length].Number);
                    at++;
                    break;
                case "--trials" when Number(value) is { } trials and > 0:
                    options = options with { Trials = trials };
                    at++;
                    break;
                case "--level-seconds":
                    if (Number(value) is not { } seconds || seconds is < 1 or > SecondsOfDay)
                    {
                        complaint = $"`--level-seconds` wants a number from 1 to {SecondsOfDay}, and got `{value}`.";
                        return null;
                    }
                    options = options with { Level = TimeSpan.FromSeconds(seconds) };
                    at++;
                    break;
                case "--previous":
                    if (!File.Exists(Path.Combine(value, LabNode.Program)))
                    {
                        complaint = $"`--previous` wants the folder of a build, and there is no "
                            + $"{LabNode.Program} in `{value}`.";
                        return null;
                    }
                    options = options with { Previous = Resolved(value) };
                    at++;
                    break;
                case "--output" when value is "ndjson" or "table":
                    options = options with { NdJson = value == "ndjson" };
                    at++;
                    break;
                case "--prefix" when value.Length > 0:
                    options = options with { Prefix = value };
                    at++;
                    break;
                case "--tls":
                    options = options with { Tls = true };
                    break;
                case "--quick":
                    options = options with { Quick = true };
                    break;
                case "--list":
                    options = options with { List = true };
                    break;
                case "--keep-logs":
                    options = options with { KeepLogs = true };
                    break;
                default:
                    complaint = $"`{words[at]}{(value.Length > 0 ? " " + value : "")}` is not understood here.";
                    return null;
            }
        }
        if (wanted.Count > 0)
            options = options with { Rows = [.. RowTable.All.Where(row => wanted.Contains(row.Number))] };
        if (options.Tls && !Runs(RowWithTls))
            complaint = $"`--tls` is for row {RowWithTls}, which is not among the rows to run.";
        if (options.Level is not null && !Runs(RowWithLevels))
            complaint = $"`--level-seconds` is for row {RowWithLevels}, which is not among the rows to run.";
        if (options.Previous is not null && !Runs(RowWithVersions))
            complaint = $"`--previous` is for row {RowWithVersions}, which is not among the rows to run.";
        return complaint is null ? options : null;

        bool Runs(int number) => options.Rows.Any(row => row.Number == number);
    }

    // As the system names the programs of processes.
    private static string Resolved(string folder) =>
        new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(folder);

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
