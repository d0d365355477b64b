using System.Globalization;

namespace Akka.Serialization.Hyperion.Tests.Inside;

/// <summary>
/// Golden values with bytes changed, cut out, doubled and swapped between them: each is read to something or rejected by
/// name, in memory that its length accounts for. <c>IRIDIUM_HYPERION_FUZZ</c> is the number of inputs (20,000),
/// <c>IRIDIUM_HYPERION_SEED</c> the seed.
/// </summary>
public sealed class FuzzTests(Hyperions hyperion) : IClassFixture<Hyperions>
{
    private const int BytesPerByte = 200;
    private const int BytesPerMessage = 200_000;

    [Fact]
    public void Whatever_comes_is_a_value_or_a_named_rejection()
    {
        int inputs = Setting("IRIDIUM_HYPERION_FUZZ", 20_000);
        int seed = Setting("IRIDIUM_HYPERION_SEED", 20_241_102);
        byte[][] golden =
        [
            .. GoldenValues.Captured("hyperion.jsonl").Select(row => row.Bytes),
            .. GoldenValues.Captured("hyperion-frames.jsonl").Select(row => row.Bytes),
        ];
        var random = new Random(seed);
        foreach (byte[] bytes in golden) hyperion.Read(bytes);
        int read = 0;
        for (int input = 0; input < inputs; input++)
        {
            byte[] bytes = Mutated(golden, random);
            (Exception? failure, long allocated) = Read(bytes);
            // A table that grew is no matter of this input: it does not grow for it again.
            if (allocated >= BytesPerMessage) (failure, allocated) = Read(bytes);
            bool named = failure is null or HyperionException or WireTypeRefusedException;
            string reproduce = $"seed {seed}, input {input}: {Convert.ToHexString(bytes)}";
            Assert.True(named, $"{reproduce}\n{failure}");
            Assert.True(allocated < BytesPerMessage + bytes.Length * BytesPerByte, $"{allocated} bytes for {reproduce}");
            if (failure is null) read++;
        }

        // Most mutations of a number are another number: a fuzz that is rejected all the time tests one line.
        Assert.InRange(read, inputs / 20, inputs * 19 / 20);
    }

    private (Exception? Failure, long Allocated) Read(byte[] bytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? failure = Record.Exception(() => hyperion.Read(bytes));
        return (failure, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] Mutated(byte[][] golden, Random random)
    {
        List<byte> bytes = [.. golden[random.Next(golden.Length)]];
        for (int changes = random.Next(1, 5); changes > 0; changes--)
        {
            if (bytes.Count == 0) break;
            int at = random.Next(bytes.Count);
            int length = random.Next(1, Math.Min(16, bytes.Count - at) + 1);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes[at] = Manifests[random.Next(Manifests.Length)]; break;
                case 3: bytes.RemoveRange(at, length); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                default:
                    byte[] other = golden[random.Next(golden.Length)];
                    int from = random.Next(other.Length);
                    bytes.InsertRange(at, other[from..Math.Min(other.Length, from + random.Next(1, 200))]);
                    break;
            }
        }

        return [.. bytes];
    }

    private static readonly byte[] Manifests = [0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 14, 16, 251, 252, 253, 254, 255];

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
