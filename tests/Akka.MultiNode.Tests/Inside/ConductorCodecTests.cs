using System.Text.Json;
using Akka.Actor;
using Akka.Remote.TestKit.Protocol;
using Akka.Remote.Transport;

namespace Akka.MultiNode.Tests.Inside;

/// <summary>The conductor speaks as Akka.NET 1.5.31's was heard to, byte for byte.</summary>
public class ConductorCodecTests
{
    private const int LengthBytes = 4;

    private static readonly Address _first = Address.Parse("akka.trttl.gremlin.tcp://Cap@127.0.0.1:18081");
    private static readonly Address _second = Address.Parse("akka.trttl.gremlin.tcp://Cap@127.0.0.1:18082");

    /// <summary>What the capture's frames say, by their numbers there.</summary>
    private static readonly Dictionary<int, ConductorMessage> _readings = new()
    {
        [3] = new ConductorMessage.Hello("second", _second),
        [4] = new ConductorMessage.Done(),
        [6] = new ConductorMessage.Barrier("one", BarrierOp.Enter, TimeSpan.FromTicks(99_999_457), "second"),
        [7] = new ConductorMessage.Barrier("one", BarrierOp.Succeeded),
        [9] = new ConductorMessage.AddressOf("first"),
        [10] = new ConductorMessage.AddressOf("first", _first),
        [12] = new ConductorMessage.Failure(
            FailureKind.Throttle, ThrottleTransportAdapter.Direction.Both, _first, RateMBit: 0.5f),
        [13] = new ConductorMessage.Done(),
        [15] = new ConductorMessage.Failure(FailureKind.Exit, ExitValue: 7),
    };

    [Fact]
    public void Every_captured_frame_is_read_and_written_as_it_was()
    {
        Dictionary<int, ConductorMessage> read = [];
        string file = Path.Combine(AppContext.BaseDirectory, "Captures", "testconductor.jsonl");
        foreach (string line in File.ReadLines(file))
        {
            using JsonDocument row = JsonDocument.Parse(line);
            byte[] body = Convert.FromHexString(row.RootElement.GetProperty("hex").GetString()!);
            ConductorMessage message = Assert.IsAssignableFrom<ConductorMessage>(ConductorCodec.Read(body));
            read[row.RootElement.GetProperty("n").GetInt32()] = message;

            byte[] frame = ConductorCodec.Frame(message);

            Assert.Equal(body, frame[LengthBytes..]);
            Assert.Equal(body.Length, BitConverter.ToInt32(frame));
        }
        Assert.Equal(_readings.OrderBy(each => each.Key), read.OrderBy(each => each.Key));
    }

    [Theory]
    [InlineData("")] // nothing is set
    [InlineData("ff")]
    [InlineData("0a03")] // cut short
    [InlineData("0a020a00")] // a hello without an address
    [InlineData("12021063")] // a barrier operation that does not exist
    [InlineData("1a020863")] // a failure that does not exist
    [InlineData("1a0408031063")] // a direction that does not exist
    [InlineData("1a021002")] // a throttle of nobody
    public void What_is_no_message_is_read_as_none(string hex) =>
        Assert.Null(ConductorCodec.Read(Convert.FromHexString(hex)));
}
