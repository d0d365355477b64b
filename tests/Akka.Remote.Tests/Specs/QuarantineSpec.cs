using Akka.Actor;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Specs;

public sealed class QuarantineSpec : IDisposable
{
    private readonly RemotePair _pair = new();
    private readonly Mail _mail = new();

    public void Dispose() => _pair.Dispose();

    [Fact]
    public async Task A_system_that_is_quarantined_learns_it_and_only_its_restart_mends_it()
    {
        IActorRef echo = _pair.FromHere(_pair.There.ActorOf(Props.Create<Echo>(), "echo"));
        Assert.Equal("hello", await echo.Ask<string>("hello", Patience));
        _pair.There.EventStream.Subscribe(
            _pair.There.ActorOf(Props.Create(() => new Keeper(_mail))), typeof(ThisActorSystemQuarantinedEvent));
        Address there = AddressOf(_pair.There), here = AddressOf(_pair.Here);
        ProviderOf(_pair.Here).Quarantine(there, AddressUidExtension.Uid(_pair.There));
        ActorSelection back = _pair.There.ActorSelection(here + "/user/nobody");
        ThisActorSystemQuarantinedEvent? learned = null;
        // What is said behind a gate is lost, so it is said until it is heard.
        for (DateTime end = DateTime.UtcNow + Patience; learned is null && DateTime.UtcNow < end;)
        {
            back.Tell("still there?");
            learned = _mail.TryTake(TimeSpan.FromMilliseconds(50)) as ThisActorSystemQuarantinedEvent;
        }
        Assert.Equal(here, learned?.RemoteAddress);
        _pair.RestartThere();
        _pair.There.ActorOf(Props.Create<Echo>(), "echo");
        Assert.Equal("again", await Answered("again"));
    }

    private async Task<string> Answered(string text)
    {
        for (DateTime end = DateTime.UtcNow + Patience; ;)
        {
            try
            {
                return await _pair.Select("/user/echo").Ask<string>(text, TimeSpan.FromMilliseconds(300));
            }
            catch (AskTimeoutException) when (DateTime.UtcNow < end)
            {
                // Behind a gate still.
            }
        }
    }
}
