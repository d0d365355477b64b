namespace Iridium.Node.Cli;

/// <summary>A host and a port, where a port of 0 lets the system choose.</summary>
public readonly record struct Endpoint(string Host, int Port)
{
    public override string ToString() => Host.Contains(':') && Host[0] != '[' ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}

/// <summary>A place to listen at. When the port was not asked for and is taken, another one will do.</summary>
/// <param name="HostWhere">Where the host was given, for errors.</param>
/// <param name="PortWhere">Where the port was given.</param>
public readonly record struct ListenAt(Endpoint Endpoint, bool PortIsAsked, string HostWhere, string PortWhere)
{
    public static ListenAt Default(int port) => new(new("127.0.0.1", port), false, "default", "default");
}

/// <summary>Everything the command line, the environment and the configuration file said, checked and typed.</summary>
public sealed record NodeLaunch
{
    /// <summary>Null means: the id in the data directory.</summary>
    public string? Alias { get; init; }

    public int Threads { get; init; } = 2;

    public ListenAt Server { get; init; } = ListenAt.Default(2254);

    /// <summary>The cluster's secret as an environment variable gave it; null when there is none, or an option names a
    /// file.</summary>
    public string? Secret { get; init; }

    /// <summary>As an option or a variable gave it; a configuration file speaks for itself.</summary>
    public string? SecretFile { get; init; }

    public bool Insecure { get; init; }
    public string? WireLog { get; init; }
    public bool RemoteAccess { get; init; }
    public ListenAt RemoteShell { get; init; } = ListenAt.Default(2244);
    public ListenAt Pbm { get; init; } = ListenAt.Default(9110);
    public string DataRoot { get; init; } = "/var/lib/iridium";
    public bool DataRootIsAsked { get; init; }
    public bool StartCluster { get; init; }
    public Endpoint? Join { get; init; }
    public bool DaemonMode { get; init; }
    public string LogLevel { get; init; } = "WARNING";
    public string? LogFile { get; init; }
    public string? ConfigFile { get; init; }
    public bool Json { get; init; }
}
