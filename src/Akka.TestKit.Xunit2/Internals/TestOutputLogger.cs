using Akka.Actor;
using Akka.Event;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2.Internals;

/// <summary>Writes log events to the output of the test that is running.</summary>
public class TestOutputLogger : ReceiveActor
{
    private readonly ITestOutputHelper _output;

    public TestOutputLogger(ITestOutputHelper output)
    {
        _output = output;
        Receive<LogEvent>(Write);
        Receive<InitializeLogger>(OnInitialize);
    }

    private void OnInitialize(InitializeLogger start)
    {
        foreach (Type level in new[] { typeof(Debug), typeof(Info), typeof(Warning), typeof(Error) })
            start.LoggingBus.Subscribe(Self, level);
        Sender.Tell(new LoggerInitialized());
    }

    private void Write(LogEvent logEvent)
    {
        try
        {
            _output.WriteLine(logEvent.ToString() ?? "");
        }
        catch (InvalidOperationException)
        {
            // The test is over; nobody reads its output any more.
        }
    }
}
