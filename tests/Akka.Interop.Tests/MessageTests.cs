using static Akka.Interop.Tests.Engine;

namespace Akka.Interop.Tests;

/// <summary>One node of each engine, up, for tests that leave them as they are.</summary>
public sealed class Pair : IAsyncLifetime
{
    private readonly MixedCluster _cluster = new();

    public string Transcripts => _cluster.Transcripts;

    public async Task InitializeAsync()
    {
        if (RealEngine.Missing is null) await _cluster.Join(Real, Embedded);
    }

    public Task DisposeAsync()
    {
        _cluster.Dispose();
        return Task.CompletedTask;
    }

    public (Peer From, Peer To) From(Engine engine) =>
        engine == Real ? (_cluster.Peers[0], _cluster.Peers[1]) : (_cluster.Peers[1], _cluster.Peers[0]);
}

/// <summary>What one says is what the other hears, both ways, for every serializer.</summary>
public sealed class MessageTests(Pair pair) : IClassFixture<Pair>
{
    [MixedTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_message_arrives_as_it_was_sent_and_comes_back(Engine from, string kind, string said)
    {
        (Peer asker, Peer other) = pair.From(from);
        string[] words = said.Split("@SELF");
        bool Fits(string text) => text.StartsWith(words[0], StringComparison.Ordinal)
            && (words.Length == 1 ? text == said : text.EndsWith(words[1], StringComparison.Ordinal));

        asker.Do("tell", other.At("/user/ear"), kind);
        string[] heard = await other.Sees(said, got => got[0] == "got" && got[2] == "/user/ear" && Fits(got[1]));
        if (words.Length > 1) Assert.Contains(asker.At("/user/ear#"), heard[1], StringComparison.Ordinal);

        asker.Do("tell", other.At("/user/echo"), kind);
        await asker.Sees(said, got => got[0] == "got" && got[2] == "/user/echo" && Fits(got[1]));
    }

    public static TheoryData<Engine, string, string> Kinds
    {
        get
        {
            const string Held = " 7 1099511627776 2.50 0.1 6f1c2b9e-5a1d-4a0f-9d3c-0e8f7a6b5c4d 2026-02-03T04:05:06.7890000Z "
                + "[a b] [[k, 3]] @SELF ({0} inner 0 0 0 0 00000000-0000-0000-0000-000000000000 0001-01-01T00:00:00.0000000 [] [] nobody ())";
            var kinds = new TheoryData<Engine, string, string>();
            foreach (Engine from in (Engine[])[Real, Embedded])
            {
                kinds.Add(from, "string:hello", "string hello");
                kinds.Add(from, "string:", "string ");
                kinds.Add(from, "string:äöü €", "string äöü €");
                kinds.Add(from, "long string:100000", "string of 100000");
                kinds.Add(from, "int:-7", "System.Int32 -7");
                kinds.Add(from, "long:-1099511627776", "System.Int64 -1099511627776");
                kinds.Add(from, "bool", "System.Boolean True");
                kinds.Add(from, "double", "System.Double 2.5");
                kinds.Add(from, "bytes:0", "bytes 0 whole");
                kinds.Add(from, "bytes:100000", "bytes 100000 whole");
                kinds.Add(from, "protobuf:hello", "protobuf hello");
                kinds.Add(from, "json:hello", "json hello" + string.Format(Held, "json"));
                kinds.Add(from, "hyperion:hello", "hyperion hello" + string.Format(Held, "hyperion"));
                kinds.Add(from, "failure:oops",
                    "failure System.InvalidOperationException oops <- System.ArgumentException inner (Parameter 'name')");
                kinds.Add(from, "success:done", "success string done");
                kinds.Add(from, "ref", "ref @SELF");
            }
            return kinds;
        }
    }
}
