namespace Iridium.FaultLab.Nodes;

/// <summary>What the nodes of the laboratory are told beyond the defaults.</summary>
internal static class LabConfiguration
{
    public const string FileName = "lab.conf";

    /// <summary>The first three hosts are the seeds: as many as may die, and one. 7 s is the time of stillness that
    /// Akka's documentation gives for a cluster of five; its default of 20 s is for a hundred.</summary>
    public const string Text = """
        akka.loglevel = INFO
        akka.cluster {
          seed-nodes = ["akka.tcp://iridium@10.0.0.1:2254", "akka.tcp://iridium@10.0.0.2:2254"
            "akka.tcp://iridium@10.0.0.3:2254"]
          split-brain-resolver.stable-after = 7s
        }
        """;

    /// <summary>The nodes listen on addresses that others reach, and so know each other by a secret.</summary>
    public const string Secret = "the secret of the laboratory";

    public static void Write(string folder) => File.WriteAllText(Path.Combine(folder, FileName), Text);
}
