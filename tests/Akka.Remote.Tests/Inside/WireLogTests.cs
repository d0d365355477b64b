using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Tests.Specs;
using Akka.Remote.Transport;
using Akka.Remote.Wire;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

public sealed class WireLogTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iridium-wire-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_passes_is_written_in_readable_form()
    {
        string file = Path.Combine(_folder.FullName, "wire.log");
        Address address, here;
        using (RemotePair pair = new($"akka.remote.wire-log = \"{file}\""))
        {
            address = AddressOf(pair.There);
            here = AddressOf(pair.Here);
            pair.There.ActorOf(Props.Create<Echo>(), "echo");
            await pair.Select("/user/echo").Ask<string>("hello", Patience);
        }
        string log = await File.ReadAllTextAsync(Path.Combine(_folder.FullName, $"wire-{here.Port}.log"));
        Assert.Contains($" -> {address}  Associate Pair@127.0.0.1:{here.Port} (tcp), uid ", log,
            StringComparison.Ordinal);
        string told = "[user/echo] 17:System.String, System.Private.CoreLib \"hello\"";
        Assert.Contains($" -> {address}  {told} to {address}/ from {here}/temp/", log, StringComparison.Ordinal);
        Assert.Contains($"<- {address}  17:System.String, System.Private.CoreLib \"hello\" to {here}/temp/", log,
            StringComparison.Ordinal);
        Assert.Contains(", 5 bytes", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_has_a_line_too()
    {
        string file = Path.Combine(_folder.FullName, "wire.log");
        Address here;
        using (RemotePair pair = new($"akka.remote.wire-log = \"{file}\""))
        {
            here = AddressOf(pair.Here);
            using TcpClient stranger = new(here.Host!, here.Port!.Value);
            NetworkStream stream = stranger.GetStream();
            stream.Write("GET / HTTP/1.1\r\n\r\n"u8);
            // Hung up on: the line is written before.
            await ReadToEnd(stream);
        }

        string log = await File.ReadAllTextAsync(Path.Combine(_folder.FullName, $"wire-{here.Port}.log"));
        Assert.Contains("REFUSED, with 18 bytes at hand: no greeting: an HTTP request", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(17, "S", "68690a1b5b316d22", "17:S \"hi\\u000a\\u001b[1m\"\"")]
    [InlineData(17, "I", "07000000", "17:I 7")]
    [InlineData(17, "I", "07", "17:I (malformed)")]
    [InlineData(1, "", "7b2261223a310a7d", "1: {\"a\":1\\u000a}")]
    [InlineData(4, "", "0102", "4:")]
    [InlineData(16, "PP", "", "16:PP PoisonPill")]
    [InlineData(16, "RWHR", "0805", "16:RWHR HeartbeatRsp uid 5")]
    [InlineData(16, "ID", "0a08120110" + "11", "16:ID (malformed)")]
    [InlineData(22, "Akka.Dispatch.SysMsg.Watch, Akka", "0a030a0161" + "12030a0162",
        "22:Akka.Dispatch.SysMsg.Watch, Akka a by b")]
    [InlineData(22, "Akka.Dispatch.SysMsg.Recreate, Akka", "0a080a01541203" + "6f6f70",
        "22:Akka.Dispatch.SysMsg.Recreate, Akka T: oop")]
    [InlineData(99, "My.Type, Mine", "0102", "99:My.Type, Mine")]
    [InlineData(5, "HB", "0102", "5:HB")]
    public void A_message_is_told_in_a_few_words(int serializer, string manifest, string hex, string told)
    {
        using RemotePair pair = new();
        WireText text = new(pair.Here.Serialization);

        Assert.Equal(told, text.Of(serializer, manifest, Convert.FromHexString(hex)));
    }

    [Fact]
    public void Whatever_was_captured_and_broken_gives_a_line_that_is_one()
    {
        using RemotePair pair = new();
        WireText text = new(pair.Here.Serialization);
        Random chance = new(1);
        foreach (Captures.Frame frame in Captures.Frames)
        {
            if (!ControlCodec.TryRead(frame.Body, out var payload, out Control control)) continue;
            if (control.Command != ControlCommand.None) continue;
            if (!ContainerCodec.TryRead(payload, out Container container)) continue;
            if (!container.HasEnvelope) continue;
            string manifest = Encoding.UTF8.GetString(container.Envelope.Manifest);
            for (int round = 0; round < 20; round++)
            {
                byte[] body = container.Envelope.Body.ToArray();
                for (int i = 0; i < round && body.Length > 0; i++)
                    body[chance.Next(body.Length)] = (byte)chance.Next(256);
                string told = WireText.Clean(text.Of(container.Envelope.SerializerId, manifest, body), longest: 4_000);
                Assert.DoesNotContain(told, char.IsControl);
                Assert.True(told.Length <= 2_000, told);
            }
        }
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_refused_by_name()
    {
        string nowhere = Path.Combine(_folder.FullName, "no", "such", "wire.log");
        Exception error = Assert.ThrowsAny<Exception>(() => new RemotePair($"akka.remote.wire-log = \"{nowhere}\""));
        Assert.IsType<ConfigurationException>(error);
        Assert.Contains("akka.remote.wire-log", error.Message, StringComparison.Ordinal);
    }

    private static async Task ReadToEnd(NetworkStream stream)
    {
        try
        {
            await stream.ReadExactlyAsync(new byte[1]).AsTask().WaitAsync(Patience);
        }
        catch (IOException)
        {
            // The end or a reset: both say that it was refused.
        }
    }
}
