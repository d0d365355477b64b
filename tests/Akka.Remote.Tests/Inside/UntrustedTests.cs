using Akka.Actor;
using Akka.Event;
using Akka.Remote.Tests.Specs;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

/// <summary>What a node in untrusted mode takes from others, and what it says about the rest.</summary>
public class UntrustedTests
{
    [Fact]
    public async Task No_selection_is_taken_of_a_path_that_is_not_listed_and_the_log_says_which()
    {
        using RemotePair pair = Untrusted("/user/open");
        Mail told = Warnings(pair.There), mail = Occupy(pair.There, "cluster");
        pair.Select("/system/cluster").Tell("leave");
        await AssertOpen(pair);
        Assert.True(mail.IsEmpty);
        string line = told.Take<Warning>().Message.ToString()!;
        string peer = AddressOf(pair.Here).ToString();
        foreach (string word in new[] { "String", peer, "/system/cluster", "trusted-selection-paths" })
            Assert.Contains(word, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nor_is_one_that_death_watch_needs_unless_it_is_listed()
    {
        using (RemotePair pair = Untrusted("/user/open"))
        {
            Mail answers = Answers(pair);
            await AssertOpen(pair);
            Assert.True(answers.IsEmpty);
        }
        using (RemotePair pair = Untrusted("/user/open", "/system/remote-watcher"))
            Assert.NotNull(Answers(pair).Take<ActorIdentity>().Subject);

        // The answer, if there is one, comes before that to a later question.
        static Mail Answers(RemotePair pair)
        {
            Mail mail = new();
            IActorRef asker = pair.Here.ActorOf(Props.Create(() => new Keeper(mail)));
            pair.Select("/system/remote-watcher").Tell(new Identify(1), asker);
            return mail;
        }
    }

    [Fact]
    public async Task A_listed_path_is_open_but_not_for_harm_and_the_log_says_to_what()
    {
        using RemotePair pair = Untrusted("/user/open", "/system/cluster");
        Mail told = Warnings(pair.There), mail = Occupy(pair.There, "cluster");
        pair.Select("/system/cluster").Tell("leave");
        Assert.Equal("leave", mail.Take());
        pair.Select("/system/cluster").Tell(PoisonPill.Instance);
        pair.Select("/system/cluster").Tell("still here");
        Assert.Equal("still here", mail.Take());
        string line = told.Take<Warning>().Message.ToString()!;
        Assert.Contains("Dropped a PoisonPill", line, StringComparison.Ordinal);
        Assert.Contains("untrusted-mode is on", line, StringComparison.Ordinal);
        await AssertOpen(pair);
    }

    [Fact]
    public async Task The_engines_own_actors_are_not_addressed_by_name_either_but_by_who_was_given_their_reference()
    {
        using RemotePair pair = Untrusted("/user/open", "/system/listed");
        Mail told = Warnings(pair.There), mail = Occupy(pair.There, "cluster"), listed = Occupy(pair.There, "listed");
        long number = ((ExtendedActorSystem)pair.There).Provider.ResolveActorRef("akka://Pair/system/cluster").Path.Uid;
        foreach (string place in new[] { "cluster", "cluster#0", "../system/cluster", $"cluster#{number + 1}" })
            Named($"/system/{place}").Tell("leave");
        Named("/user/../system/cluster").Tell("leave");
        Named($"/system/cluster#{number}").Tell("given");
        Named("/system/listed").Tell("listed");
        Assert.Equal("listed", listed.Take());
        Assert.Equal("given", mail.Take());
        await AssertOpen(pair);
        Assert.True(mail.IsEmpty);
        string line = told.Take<Warning>().Message.ToString()!;
        foreach (string word in new[] { "String", "/system/cluster", "without the number", "trusted-selection-paths" })
            Assert.Contains(word, line, StringComparison.Ordinal);

        IActorRef Named(string path) =>
            ((ExtendedActorSystem)pair.Here).Provider.ResolveActorRef(AddressOf(pair.There) + path);
    }

    private static RemotePair Untrusted(params string[] paths)
    {
        RemotePair pair = new($"""
            akka.stdout-loglevel = OFF
            akka.loggers = []
            akka.remote.untrusted-mode = on
            akka.remote.trusted-selection-paths = ["{string.Join("\", \"", paths)}"]
            """);
        pair.There.ActorOf(Props.Create<Echo>(), "open");
        return pair;
    }

    private static async Task AssertOpen(RemotePair pair) =>
        Assert.Equal("open", await pair.Select("/user/open").Ask<string>("open", Patience));

    private static Mail Warnings(ActorSystem system)
    {
        Mail told = new();
        system.EventStream.Subscribe(system.ActorOf(Props.Create(() => new Keeper(told))), typeof(Warning));
        return told;
    }

    /// <summary>An actor where the cluster's would be.</summary>
    private static Mail Occupy(ActorSystem system, string name)
    {
        Mail mail = new();
        ((ExtendedActorSystem)system).SystemActorOf(Props.Create(() => new Keeper(mail)), name);
        return mail;
    }
}
