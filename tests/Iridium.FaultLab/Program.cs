using System.Runtime.InteropServices;
using Iridium.FaultLab;
using Iridium.FaultLab.Hosts;
using Iridium.FaultLab.Nodes;
using Iridium.FaultLab.Rows;

// scripts/faultlab: five real nodes on five hosts, and what is done to them. The heart is Rows/RowTable.cs. A row opens
// a Lab (hosts, nodes, and the journal of what each node says of the others), does harm, waits for conditions on the
// journal, and takes down findings. This file reads the command line, runs the rows one after another, prints.

if (args.Contains("--help"))
{
    Console.WriteLine(LabOptions.Usage);
    return 0;
}
if (args is [SingletonNode.Verb, string ip, string part, .. var leases])
{
    await SingletonNode.Run(ip, part, leases.SingleOrDefault());
    return 0;
}
if (args is [FreightNode.Verb, string at, string wireLog])
{
    await FreightNode.Run(at, wireLog);
    return 0;
}
if (LabOptions.Parse(args, out string? complaint) is not { } options)
{
    Console.Error.WriteLine($"faultlab: {complaint}\n{LabOptions.Usage}");
    return 2;
}
if (options.List)
{
    foreach (Row row in RowTable.All) Console.WriteLine($"{row.Number,3}  {row.Fault}");
    return 0;
}

using var enough = new CancellationTokenSource();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
// scripts/faultlab sweeps up a folder of this name, so that what is kept bears another.
string folder = Path.Combine(Path.GetTempPath(), options.Prefix + (options.KeepLogs ? ".logs" : ""));
Directory.CreateDirectory(folder);
var report = new FindingReport(Console.Out, options.NdJson);
int missed = 0;
try
{
    using HostNetwork hosts = HostNetwork.Build(options.Prefix);
    foreach (Row row in options.Rows)
    {
        if (enough.IsCancellationRequested) break;
        await Run(row, hosts);
    }
}
finally
{
    if (options.KeepLogs) Console.Error.WriteLine($"What the nodes wrote is in {folder}");
    else Directory.Delete(folder, recursive: true);
}
return enough.IsCancellationRequested ? 130 : missed > 0 ? 1 : 0;

void End(PosixSignalContext context)
{
    context.Cancel = true;
    enough.Cancel();
}

async Task Run(Row row, HostNetwork hosts)
{
    var findings = new Findings(row.Number, row.Fault, finding =>
    {
        if (finding.Verdict == Verdict.Missed) missed++;
        report.Add(finding);
    });
    if (row.Needs.FirstOrDefault(program => !Tool.IsInstalled(program)) is { } program)
    {
        findings.Skip($"{program} is not installed");
        return;
    }
    Lab? lab = null;
    int labs = 0;
    async Task<Lab> Open()
    {
        if (lab is not null) await lab.DisposeAsync();
        return lab = Lab.Open(hosts, Path.Combine(folder, $"row{row.Number}-{++labs}"));
    }
    try
    {
        Task running = row.Run(new Trial(
            findings, options.Quick, options.Trials, options.Level, options.Previous, options.Tls, Open, text =>
            {
                Console.Error.WriteLine($"row {row.Number}: {text}");
                lab?.Journal.Note(text);
            }));
        // Whoever is told to end leaves the row where it stands; its lab is ended below.
        await Task.WhenAny(running, Task.Delay(Timeout.Infinite, enough.Token));
        if (running.IsCompleted) await running;
    }
    catch (Exception broken) when (broken is InvalidOperationException or IOException)
    {
        findings.Holds("the row was run", "to its end", false, broken.Message);
    }
    finally
    {
        if (lab is not null) await lab.DisposeAsync();
    }
}
