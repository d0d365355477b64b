using static Akka.Interop.Tests.Engine;

namespace Akka.Interop.Tests;

/// <summary>Selections, and what becomes of actors of the other engine that are watched.</summary>
public sealed class WatchTests(Pair pair) : IClassFixture<Pair>
{
    [MixedTheory]
    [InlineData(Real)]
    [InlineData(Embedded)]
    public async Task Selections_with_wildcards_reach_all_that_fit_and_tell_who_is_there(Engine from)
    {
        (Peer asker, Peer other) = pair.From(from);
        foreach (string name in (string[])["left-1", "left-2", "right-1"]) await Spawn(other, name);
        asker.Do("tell", other.At("/user/left-*"), "string:all left");
        await other.Sees("got", "string all left", "/user/ear", "left-1");
        await other.Sees("got", "string all left", "/user/ear", "left-2");
        asker.Do("tell", other.At("/user/left-1/../right-?"), "string:up and down");
        await other.Sees("got", "string up and down", "/user/ear", "right-1");
        Assert.False(other.Said("got", "string all left"), pair.Transcripts);

        asker.Do("tell", other.At("/user/*-1"), "identify:who");
        Task<string[]> Identity() => asker.Sees("an identity",
            said => said[0] == "got" && said[1].StartsWith("identity who ", StringComparison.Ordinal));
        string[] found = [(await Identity())[1], (await Identity())[1]];
        Assert.Equal([$"identity who {other.At("/user/left-1")}", $"identity who {other.At("/user/right-1")}"],
            found.Select(text => text[..text.LastIndexOf('#')]).Order(StringComparer.Ordinal));
        asker.Do("tell", other.At("/user/nobody/here"), "identify:none");
        await asker.Sees("got", "identity none nobody");
        asker.Do("tell", other.At("/user/no*"), "identify:none");
        await asker.Sees("got", "identity none nobody");

        foreach (string name in (string[])["left-1", "left-2", "right-1"]) other.Do("stop", name);
    }

    [MixedTheory]
    [InlineData(Real)]
    [InlineData(Embedded)]
    public async Task The_end_of_a_watched_actor_is_told_and_of_one_no_longer_watched_is_not(Engine from)
    {
        (Peer watcher, Peer other) = pair.From(from);
        foreach (string name in (string[])["stopped", "poisoned", "killed", "forgotten"])
        {
            await Spawn(other, name);
            watcher.Do("watch", other.At("/user/" + name));
            await watcher.Sees("watching", other.At("/user/" + name));
        }
        watcher.Do("unwatch", other.At("/user/forgotten"));
        await watcher.Sees("unwatched");
        other.Do("stop", "forgotten");
        other.Do("stop", "stopped");
        watcher.Do("tell", other.At("/user/poisoned"), "string:last words");
        watcher.Do("tell", other.At("/user/poisoned"), "pill");
        watcher.Do("tell", other.At("/user/killed"), "kill");
        await other.Sees("got", "string last words");
        foreach (string name in (string[])["stopped", "poisoned", "killed"])
            await watcher.Sees("ended", other.At("/user/" + name), "True", "False");
        Assert.False(watcher.Said("ended"), pair.Transcripts);
    }

    [MixedTheory]
    [InlineData(Real)]
    [InlineData(Embedded)]
    public async Task Ten_thousand_messages_arrive_in_order(Engine from)
    {
        (Peer sender, Peer other) = pair.From(from);
        sender.Do("flood", other.At("/user/counter"), "10000");
        await other.Sees("counted", "10000");
        Assert.False(other.Said("disorder"), pair.Transcripts);
    }

    [MixedTheory]
    [InlineData(Real)]
    [InlineData(Embedded)]
    public async Task A_message_without_sender_has_none(Engine from)
    {
        (Peer sender, Peer other) = pair.From(from);
        sender.Do("tell without sender", other.At("/user/ear"), "string:from nobody");
        await other.Sees("got", "string from nobody", "/deadLetters");
    }

    /// <summary>The envelope takes some of the 128,000 bytes, so 127,000 fit into a frame; 129,000 do not, and what follows does.</summary>
    [MixedTheory]
    [InlineData(Real)]
    [InlineData(Embedded)]
    public async Task A_message_up_to_the_frames_limit_arrives_and_one_past_it_costs_nothing_else(Engine from)
    {
        (Peer sender, Peer other) = pair.From(from);
        sender.Do("tell", other.At("/user/ear"), "bytes:127000");
        await other.Sees("got", "bytes 127000 whole");
        sender.Do("tell", other.At("/user/ear"), "bytes:129000");
        sender.Do("tell", other.At("/user/ear"), "bytes:5");
        await other.Sees("got", "bytes 5 whole");
        Assert.False(other.Said("got", "bytes 129000 whole"), pair.Transcripts);
    }

    private static Task Spawn(Peer peer, string name)
    {
        peer.Do("spawn", name);
        return peer.Sees("spawned", name);
    }
}
