using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Wire;
using Akka.Serialization;

namespace Akka.Remote.Tests.Inside;

/// <summary>The engine's own messages in the captures: what a real node wrote is read, and written again to the same
/// bytes.</summary>
public sealed class CapturedMessages : IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("Cap", ConfigurationFactory.ParseString("""
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          actor.provider = remote
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        }
        """));

    public void Dispose() => _system.Terminate().Wait(TimeSpan.FromSeconds(10));

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(22)]
    public void Messages_of_a_serializer_are_read_and_written_again(int id)
    {
        HashSet<string> manifests = [];
        int same = 0;
        foreach (Captures.Frame frame in Captures.Frames)
        {
            ControlCodec.TryRead(frame.Body, out var payload, out Control control);
            if (control.Command != ControlCommand.None) continue;
            ContainerCodec.TryRead(payload, out Container container);
            if (!container.HasEnvelope || container.Envelope.SerializerId != id) continue;
            string manifest = Encoding.UTF8.GetString(container.Envelope.Manifest);
            // Traces belong to the process that threw; selections carry messages of other rooms too.
            if (manifest.Contains("SysMsg.Failed", StringComparison.Ordinal)) continue;
            if (manifest.Contains("SysMsg.Recreate", StringComparison.Ordinal)) continue;
            if (id == 6 && !IsOwn(frame)) continue;
            if (id == 16 && manifest is "RORRP" or "RORRC") continue;
            byte[] body = container.Envelope.Body.ToArray();
            object? message = _system.Serialization.Deserialize(body, id, manifest);
            Assert.True(message is not null, frame.ToString());
            Serializer serializer = _system.Serialization.FindSerializerFor(message);
            Assert.Equal((frame.ToString(), id), (frame.ToString(), serializer.Identifier));
            Assert.Equal(manifest, Akka.Serialization.Serialization.ManifestFor(serializer, message));
            string expected = Convert.ToHexString(body);
            Assert.Equal((frame.ToString(), expected),
                (frame.ToString(), Convert.ToHexString(serializer.ToBinary(message))));
            manifests.Add(manifest);
            same++;
        }
        Assert.True(same > 0, "no such message was captured");
    }

    private static bool IsOwn(Captures.Frame frame) =>
        frame.Label.Contains(" 16:", StringComparison.Ordinal)
            || frame.Label.Contains(" 17:", StringComparison.Ordinal);
}
