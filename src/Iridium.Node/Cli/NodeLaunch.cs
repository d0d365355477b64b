namespace Iridium.Node.Cli;

/// <summary>A host and a port, where a port of 0 lets the system choose.</summary>
public readonly record struct Endpoint(string Host, int Port)
{
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}

/// <summary>A place to listen at. When the port was not asked for and is taken, another one will do.</summary>
public readonly record struct ListenAt(Endpoint Endpoint, bool PortIsAsked, string Where);

/// <summary>Everything the command line, the environment and the configuration file said, checked and typed.</summary>
public sealed record NodeLaunch
{
    /// <summary>Null means: the id in the data directory.</summary>
    public string? Alias { get; init; }

    public int Threads { get; init; } = 2;

    public ListenAt Server { get; init; } = new(new("127.0.0.1", 2254), false, "default");
    public bool RemoteAccess { get; init; }
    public ListenAt RemoteShell { get; init; } = new(new("127.0.0.1", 2244), false, "default");
    public ListenAt Pbm { get; init; } = new(new("127.0.0.1", 9110), false, "default");
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
