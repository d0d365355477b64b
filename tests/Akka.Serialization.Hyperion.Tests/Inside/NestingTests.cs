using System.Runtime.Serialization;
using Akka.Actor;

namespace Akka.Serialization.Hyperion.Tests.Inside;

/// <summary>Messages that hold messages.</summary>
public sealed class NestingTests(Hyperions hyperion) : IClassFixture<Hyperions>
{
    [Fact]
    public void A_message_in_a_message_ten_thousand_deep_is_an_error_and_not_an_end()
    {
        // Each is an answer that holds the next: serializer 16, manifest STS.
        byte[] body = [];
        byte[] tail = [0x10, 16, 0x1A, 3, (byte)'S', (byte)'T', (byte)'S'];
        for (int depth = 0; depth < 10_000; depth++)
        {
            byte[] payload = [.. Field(1, body), .. tail];
            body = Field(1, payload);
        }

        var failure = Assert.Throws<SerializationException>(
            () => hyperion.System.Serialization.Deserialize(body, 16, "STS"));

        Assert.Contains("lies in more than 32 others", failure.ToString(), StringComparison.Ordinal);
        Status.Success fine = new(new Status.Success("x"));
        byte[] bytes = hyperion.System.Serialization.FindSerializerFor(fine).ToBinary(fine);
        var read = (Status.Success)hyperion.System.Serialization.Deserialize(bytes, 16, "STS");
        Assert.Equal("x", Assert.IsType<Status.Success>(read.Status).Status);
    }

    private static byte[] Field(int number, byte[] body)
    {
        List<byte> bytes = [(byte)(number << 3 | 2)];
        int length = body.Length;
        for (; length >= 0x80; length >>= 7) bytes.Add((byte)(length | 0x80));
        return [.. bytes, (byte)length, .. body];
    }
}
