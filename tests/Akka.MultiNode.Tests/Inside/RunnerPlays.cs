using Akka.Configuration;
using Akka.Remote.TestKit;

namespace Akka.MultiNode.Tests.Inside;

public class TwoRolesConfig : MultiNodeConfig
{
    public TwoRolesConfig()
    {
        First = Role("first");
        Second = Role("second");
        CommonConfig = ConfigurationFactory.ParseString("akka.testconductor.reconnect-backoff = 100ms");
    }

    public RoleName First { get; }

    public RoleName Second { get; }
}

/// <summary>Plays that go wrong on purpose, for <see cref="RunnerTests"/> to run; no facts of their own.</summary>
public class RunnerPlays : MultiNodeSpec
{
    private readonly TwoRolesConfig _config;

    public RunnerPlays()
        : this(new TwoRolesConfig())
    {
    }

    protected RunnerPlays(TwoRolesConfig config)
        : base(config, typeof(RunnerPlays)) => _config = config;

    protected override int InitialParticipantsValueFactory => Roles.Count;

    public void GoesWell() => EnterBarrier("met");

    public void FailsOnTheSecond()
    {
        Console.WriteLine($"{Myself.Name} was here");
        RunOn(() => Assert.Equal("expected", "found by the second"), _config.Second);
        EnterBarrier("never-met");
    }

    public void NeverEnds()
    {
        Console.WriteLine($"process {Environment.ProcessId}");
        RunOn(() => Sys.WhenTerminated.Wait(), _config.Second);
    }

    public void ExitsByOrderOfTheFirst()
    {
        RunOn(() => TestConductor.Exit(_config.Second, 0).Wait(), _config.First);
        RunOn(() => Sys.WhenTerminated.Wait(), _config.Second);
    }

    public void ExitsWithACode()
    {
        RunOn(() => TestConductor.Exit(_config.Second, 7).Wait(), _config.First);
        RunOn(() => Sys.WhenTerminated.Wait(), _config.Second);
    }
}
