using System.Text;
using Akka.Remote.Transport;

namespace Akka.Remote.Tests.Inside;

public class ByteKeyCacheTests
{
    /// <summary>Keys of every length that differ in one byte, wherever it is: whatever is found was added for
    /// that.</summary>
    [Fact]
    public void A_key_gives_its_own_value_or_none()
    {
        ByteKeyCache<string> cache = new(64);
        for (int round = 0; round < 2; round++)
        {
            for (int length = 0; length < 70; length++)
            {
                for (int at = 0; at < length; at++)
                {
                    byte[] key = new byte[length];
                    key[at] = 1;
                    string value = $"{length} {at}";
                    if (cache.Find(key) is { } known) Assert.Equal(value, known);
                    else cache.Add(key, value);
                    Assert.Equal(value, cache.Find(key));
                }
            }
        }
    }

    [Fact]
    public void Few_keys_that_are_asked_for_again_and_again_are_all_found()
    {
        ByteKeyCache<string> cache = new(2048);
        byte[][] paths = [.. Enumerable.Range(0, 100)
            .Select(number => Encoding.UTF8.GetBytes($"akka.tcp://bench@127.0.0.1:2552/user/$a#{number * 7919}"))];
        int found = 0;
        for (int round = 0; round < 200; round++)
        {
            found = 0;
            foreach (byte[] path in paths)
            {
                if (cache.Find(path) is not null) found++;
                else cache.Add(path, Encoding.UTF8.GetString(path));
            }
        }
        Assert.InRange(found, 90, 100);
    }

    [Fact]
    public void A_value_that_is_added_anew_takes_the_old_ones_place()
    {
        ByteKeyCache<string> cache = new(64);
        cache.Add("key"u8, "old");
        Assert.Equal("old", cache.Find("key"u8));
        cache.Add("key"u8, "new");
        Assert.Equal("new", cache.Find("key"u8));
        Assert.Null(cache.Find("other"u8));
    }
}
