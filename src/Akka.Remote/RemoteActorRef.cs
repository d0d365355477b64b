using System.Text;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Remote.Transport;

namespace Akka.Remote;

/// <summary>A reference to an actor of another system. What is told to it is serialized by the teller's own
/// thread.</summary>
public sealed class RemoteActorRef : InternalActorRefBase
{
    private readonly RemoteActorRefProvider _provider;
    private readonly ActorPath _path;
    private Outbox? _outbox;
    private byte[]? _wirePath;

    internal RemoteActorRef(RemoteActorRefProvider provider, ActorPath path)
    {
        _provider = provider;
        _path = path;
        IsControl = Priority.Concerns(path);
    }

    /// <inheritdoc />
    public override ActorPath Path => _path;

    /// <inheritdoc />
    public override IInternalActorRef Parent => _path.Depth == 0 ? this : new RemoteActorRef(_provider, _path.Parent);

    /// <inheritdoc />
    public override IActorRefProvider Provider => _provider;

    /// <inheritdoc />
    public override bool IsLocal => false;

    /// <summary>False: nobody here can know.</summary>
    public override bool IsTerminated => false;

    /// <summary>The path as it is written into envelopes.</summary>
    internal byte[] WirePath => _wirePath ??= Encoding.UTF8.GetBytes(_path.ToSerializationFormat());

    /// <summary>The recipient is one of the engine's own actors whose messages wait for nobody.</summary>
    internal bool IsControl { get; }

    /// <inheritdoc />
    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        ActorPath path = _path;
        foreach (string element in name)
        {
            if (element.Length > 0) path = element == ".." ? path.Parent : path / element;
        }
        return ReferenceEquals(path, _path) ? this : new RemoteActorRef(_provider, path);
    }

    /// <inheritdoc />
    public override void Start()
    {
    }

    /// <inheritdoc />
    public override void Suspend() => SendSystemMessage(new Suspend());

    /// <inheritdoc />
    public override void Resume(Exception? causedByFailure = null) => SendSystemMessage(new Resume(causedByFailure));

    /// <inheritdoc />
    public override void Restart(Exception cause) => SendSystemMessage(new Recreate(cause));

    /// <inheritdoc />
    public override void Stop() => SendSystemMessage(new Terminate());

    /// <summary>Delivered reliably, but for watching, which the remote watcher of this system does for all its
    /// actors.</summary>
    public override void SendSystemMessage(ISystemMessage message)
    {
        switch (message)
        {
            case Watch watch when !IsOwnWatch(watch.Watcher):
                _provider.RemoteWatcher.Tell(new RemoteWatcher.WatchRemote(watch.Watchee, watch.Watcher),
                    ActorRefs.NoSender);
                break;
            case Unwatch unwatch when !IsOwnWatch(unwatch.Watcher):
                _provider.RemoteWatcher.Tell(
                    new RemoteWatcher.UnwatchRemote(unwatch.Watchee, unwatch.Watcher), ActorRefs.NoSender);
                break;
            default:
                _provider.Remoting.Send(new SystemLetter(message, this));
                break;
        }
    }

    /// <inheritdoc />
    protected override void TellInternal(object message, IActorRef? sender)
    {
        Letter letter = new(message, sender, this);
        Outbox outbox = _outbox ??= _provider.Remoting.Outboxes.Of(_path.Address);
        while (!outbox.TrySend(letter)) _outbox = outbox = _provider.Remoting.Outboxes.After(outbox);
    }

    private bool IsOwnWatch(IInternalActorRef watcher) => watcher.Equals(_provider.RemoteWatcher);
}
