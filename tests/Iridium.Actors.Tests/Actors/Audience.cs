using System.Threading.Channels;
using Akka.Actor;

namespace Iridium.Actors.Tests.Actors;

/// <summary>Asks a question as a session would, and receives whatever comes of it, in order.</summary>
internal sealed class Audience
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly Channel<object> _heard = Channel.CreateUnbounded<object>();

    public Audience(ActorSystem system)
    {
        ChannelWriter<object> writer = _heard.Writer;
        Ref = system.ActorOf(Props.Create(() => new Ear(writer)));
    }

    public IActorRef Ref { get; }

    /// <summary>The next letter of this kind; others are passed over.</summary>
    public async Task<T> Hears<T>()
    {
        using var timeout = new CancellationTokenSource(Bound);
        while (true)
        {
            if (await _heard.Reader.ReadAsync(timeout.Token) is T wanted) return wanted;
        }
    }

    private sealed class Ear : ReceiveActor
    {
        public Ear(ChannelWriter<object> writer) => ReceiveAny(message => writer.TryWrite(message));
    }
}
