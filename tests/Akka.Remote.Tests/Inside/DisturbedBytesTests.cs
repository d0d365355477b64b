namespace Akka.Remote.Tests.Inside;

/// <summary>The disturbance itself: a fuzz test that disturbs nothing finds nothing.</summary>
public class DisturbedBytesTests
{
    [Fact]
    public void Bytes_are_changed_and_cut_and_doubled_and_the_original_stays()
    {
        byte[] original = [.. Enumerable.Range(0, 64).Select(each => (byte)each)];
        Random chance = new(1);
        byte[][] disturbed =
            [.. Enumerable.Range(0, 1_000).Select(_ => DisturbedBytes.Of(original, changes: 1, chance))];
        Assert.Equal(Enumerable.Range(0, 64).Select(each => (byte)each), original);
        Assert.Contains(disturbed, bytes => bytes.Length < 64);
        Assert.Contains(disturbed, bytes => bytes.Length > 64);
        Assert.Contains(disturbed, bytes => Differences(bytes) == 1);
        Assert.InRange(disturbed.Count(bytes => bytes.SequenceEqual(original)), 0, 100);

        int Differences(byte[] bytes) =>
            bytes.Length != 64 ? 0 : bytes.Zip(original).Count(pair => pair.First != pair.Second);
    }

    [Fact]
    public void Without_changes_it_is_a_copy_and_nothing_stays_nothing()
    {
        byte[] original = [1, 2, 3];
        byte[] copy = DisturbedBytes.Of(original, changes: 0, new Random(1));
        Assert.Equal(original, copy);
        Assert.NotSame(original, copy);
        Assert.Empty(DisturbedBytes.Of([], changes: 9, new Random(1)));
    }
}
