using System.Collections.Immutable;

namespace Iridium.Node.Cli;

/// <summary>Every setting of a node. The command line, the environment, the configuration file, the help and the
/// README's table are made from these rows, so that they cannot disagree.</summary>
public static class SettingTable
{
    public static readonly Setting Alias = new("node-alias", SettingKind.Alias, "iridium.node.alias", "",
        "Name of this node in the cluster; without one, the id saved in the data directory");

    public static readonly Setting Threads = new("threads", SettingKind.Count,
        "iridium.vm-dispatcher.dedicated-thread-pool.thread-count", "2",
        "How many programs run at the same instant, each on a thread", 't');

    public static readonly Setting RemoteAccess = new("enable-remote-access", SettingKind.Flag,
        "iridium.shell.remote.enabled", "off", "Offer this shell over TCP, to people at this machine only", 'r');

    // -h stays help, so this one has no letter.
    public static readonly Setting BindHost = new("bind-host", SettingKind.Host, "iridium.shell.remote.host",
        "127.0.0.1", "Address of the remote shell");

    public static readonly Setting BindPort = new("bind-port", SettingKind.Port, "iridium.shell.remote.port",
        "2244", "Port of the remote shell", 'p');

    public static readonly Setting ServerBindHost = new("server-bind-host", SettingKind.Host,
        "akka.remote.dot-netty.tcp.hostname", "127.0.0.1",
        "Address of the cluster's endpoint, as other nodes will dial it", 'H');

    public static readonly Setting ServerBindPort = new("server-bind-port", SettingKind.Port,
        "akka.remote.dot-netty.tcp.port", "2254",
        "Port of the cluster's endpoint; when it is not asked for and taken, a free one", 'P');

    public static readonly Setting SecretFile = new("cluster-secret-file", SettingKind.Path, "akka.remote.secret-file",
        "", "File with the secret that all nodes of the cluster know; or the secret itself in IRIDIUM_CLUSTER_SECRET");

    public static readonly Setting Insecure = new("insecure", SettingKind.Flag, "akka.remote.insecure", "off",
        "Listen at an address that other machines reach although there is neither a cluster secret nor TLS");

    public static readonly Setting WireLog = new("wire-log", SettingKind.Path, "akka.remote.wire-log", "",
        "File that gets a readable line for every frame to and from other nodes; the port is put before its extension");

    public static readonly Setting PbmHost = new("pbm-host", SettingKind.Host, "iridium.pbm.host", "127.0.0.1",
        "Address of the command endpoint that scripts/pbm talks to");

    public static readonly Setting PbmPort = new("pbm-port", SettingKind.Port, "iridium.pbm.port", "9110",
        "Port of the command endpoint; when it is not asked for and taken, a free one");

    public static readonly Setting DataRoot = new("data-root-dir", SettingKind.Path, "iridium.node.data-root-dir",
        "/var/lib/iridium", "Directory of what the node keeps: its id");

    public static readonly Setting StartCluster = new("start-cluster", SettingKind.Flag, "iridium.cluster.start", "off",
        "Start a cluster of one, as !start_cluster does");

    public static readonly Setting Join = new("join", SettingKind.Peer, null, "",
        "Join the cluster of the node at host:port, as !join_cluster does; stronger than --start-cluster");

    public static readonly Setting DaemonMode = new("daemon-mode", SettingKind.Flag, "iridium.node.daemon-mode", "off",
        "No shell; run until SIGTERM, then leave the cluster in order");

    public static readonly Setting LogLevel = new("log-level", SettingKind.Level, "akka.loglevel", "WARNING",
        "How much to log: DEBUG, INFO, WARNING, ERROR or OFF");

    public static readonly Setting LogFile = new("log-file", SettingKind.Path, "iridium.log.file", "",
        "File that log lines are appended to; without one, a file beside the node's id when there is a terminal, "
        + "else standard error");

    public static readonly Setting ConfigFile = new("config", SettingKind.Path, null, "",
        "HOCON file with any of these, and any akka.* key");

    public static readonly Setting Output = new("output", SettingKind.Format, null, "text",
        "Form of what a script reads: text or json");

    /// <summary>The secret itself, as no option: the words of a command line are shown to everybody on the machine. It
    /// gives the key akka.remote.secret.</summary>
    public const string SecretVariable = "IRIDIUM_CLUSTER_SECRET";

    public static readonly ImmutableArray<Setting> All =
    [
        Alias, StartCluster, Join, ConfigFile, ServerBindHost, ServerBindPort, SecretFile, Insecure, WireLog,
        RemoteAccess, BindHost, BindPort, PbmHost, PbmPort, DataRoot, Threads, DaemonMode, LogLevel, LogFile, Output,
    ];
}
