using System.Diagnostics;
using static Akka.Interop.Tests.Engine;

namespace Akka.Interop.Tests;

/// <summary>The mediators of both engines know one another's subscribers.</summary>
public sealed class PubSubTests(Pair pair) : IClassFixture<Pair>
{
    [MixedTheory]
    [InlineData(Real)]
    [InlineData(Embedded)]
    public async Task What_one_publishes_or_sends_arrives_at_the_other(Engine from)
    {
        (Peer one, Peer other) = pair.From(from);
        string topic = $"news-{from}";
        other.Do("put");
        other.Do("subscribe", topic + "-in-groups", "group");
        await other.Sees("subscribed", topic + "-in-groups");
        other.Do("subscribe", topic);
        await other.Sees("subscribed", topic);
        await Knows(one, topic);
        one.Do("subscribe", topic);
        await one.Sees("subscribed", topic);
        one.Do("publish", topic, "json:to all");
        await one.Sees("a note", Note("to all"));
        await other.Sees("a note", Note("to all"));

        // What a mediator knows of another it has heard in order: it also knows now who came there before.
        one.Do("put");
        one.Do("send to all", "/user/ear", "string:but me");
        await other.Sees("got", "string but me");
        Assert.False(one.Said("got", "string but me"), pair.Transcripts);

        one.Do("publish to groups", topic + "-in-groups", "string:to one of the group");
        await other.Sees("got", "string to one of the group");

        one.Do("count", topic);
        await one.Sees("got", "System.Int32 1");
        other.Do("unsubscribe", topic);
        await other.Sees("unsubscribed", topic);
        one.Do("publish", topic, "string:to those who are left");
        one.Do("send to all", "/user/ear", "string:later");
        await one.Sees("got", "string to those who are left");
        await other.Sees("got", "string later");
        Assert.False(other.Said("got", "string to those who are left"), pair.Transcripts);
        one.Do("unsubscribe", topic);
        await one.Sees("unsubscribed", topic);
    }

    private static Func<string[], bool> Note(string text) =>
        said => said[0] == "got" && said[1].StartsWith($"json {text} ", StringComparison.Ordinal);

    /// <summary>Asks a mediator until it knows the topic: it tells nobody of what it hears.</summary>
    private static async Task Knows(Peer peer, string topic)
    {
        var waited = Stopwatch.StartNew();
        string topics;
        do
        {
            peer.Do("topics");
            topics = (await peer.Sees("topics"))[1];
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(30), $"It never knew {topic}: {topics}\n{peer.Transcript[^Math.Min(2000, peer.Transcript.Length)..]}");
        }
        while (!topics.Split(' ').Contains(topic));
    }
}
