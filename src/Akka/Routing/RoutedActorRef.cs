using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Dispatch;

namespace Akka.Routing;

/// <summary>
/// The reference of a router. Messages are routed on the sender's thread and never pass through the router's own
/// mailbox; only what concerns the router itself does.
/// </summary>
/// <remarks>Shared memory, home four: one field holds the present router, which never changes; the router's actor
/// replaces it, senders read it.</remarks>
public sealed class RoutedActorRef : LocalActorRef
{
    private readonly Props _routeeProps;
    private Router _router;

    private RoutedActorRef(ActorSystemImpl system, Props routerProps, Props routeeProps, MessageDispatcher dispatcher,
        IInternalActorRef supervisor, ActorPath path, Router router)
        : base(system, routerProps, dispatcher, UnboundedMailbox.Instance, supervisor, path)
    {
        _routeeProps = routeeProps;
        _router = router;
    }

    internal Router Router => Volatile.Read(ref _router);

    internal static RoutedActorRef Create(ActorSystemImpl system, Props props, IInternalActorRef supervisor,
        ActorPath path)
    {
        RouterConfig config = props.RouterConfig;
        if (config is FromConfig)
        {
            throw new ConfigurationException(
                $"The router {path} is to be configured, but akka.actor.deployment says nothing about its path.");
        }
        Router empty = config.CreateRouter(system);
        Router router = new(empty.RoutingLogic, [.. empty.Routees]) { DeadLetters = system.DeadLetters };
        Props routerProps = Props.Create<RouterActor>(config)
            .WithSupervisorStrategy((config as Pool)?.SupervisorStrategy);
        RoutedActorRef routed = new(system, routerProps, WithoutRouter(props),
            system.Dispatchers.Lookup(config.RouterDispatcher), supervisor, path, router);
        routed.AddFirstRoutees(system, config);
        return routed;
    }

    internal void Replace(Routee[] routees)
    {
        Router before = Router;
        Volatile.Write(ref _router, new Router(before.RoutingLogic, routees) { DeadLetters = before.DeadLetters });
    }

    /// <summary>One more routee of a pool.</summary>
    internal IActorRef MakeRoutee() => Cell.ActorOf(_routeeProps, null, isSystemService: false);

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is IAutoReceivedMessage or RouterManagementMessage || IsTerminated) base.TellInternal(message,
            sender);
        else Router.Route(message, sender);
    }

    // All of them are there before anybody knows the router, so that no message meets an empty one.
    private void AddFirstRoutees(ActorSystemImpl system, RouterConfig config)
    {
        switch (config)
        {
            case Pool pool:
                Replace([.. Enumerable.Range(0, pool.NrOfInstances).Select(_ => Routee.FromActorRef(MakeRoutee()))]);
                break;
            case Group group:
                Replace([.. group.GetPaths(system)
                    .Select(path => new ActorSelectionRoutee(system.ActorSelection(path)))]);
                break;
        }
    }

    private static Props WithoutRouter(Props props)
    {
        Deploy deploy = props.Deploy;
        return props.WithExactly(
            new Deploy(deploy.Path, deploy.Config, NoRouter.Instance, deploy.Scope, deploy.Dispatcher, deploy.Mailbox));
    }
}

/// <summary>Looks after the routees; the routing is done by the reference.</summary>
internal sealed class RouterActor(RouterConfig config) : UntypedActor
{
    private RoutedActorRef Reference => (RoutedActorRef)Self;

    protected override void PreStart()
    {
        foreach (Routee routee in Reference.Router.Routees) Watch(routee);
    }

    // The routees stay: they are what the router is for.
    protected override void PreRestart(Exception reason, object message)
    {
    }

    protected override void OnReceive(object message)
    {
        Router router = Reference.Router;
        switch (message)
        {
            case GetRoutees:
                Sender.Tell(new Routees(router.Routees));
                break;
            case AddRoutee add:
                Watch(add.Routee);
                Reference.Replace([.. router.Routees, add.Routee]);
                break;
            case RemoveRoutee remove:
                Remove(remove.Routee);
                break;
            case AdjustPoolSize { Change: > 0 } more when config is Pool:
                for (int made = 0; made < more.Change; made++) Grow();
                break;
            case AdjustPoolSize { Change: < 0 } fewer when config is Pool:
                foreach (Routee routee in router.Routees.Take(-fewer.Change).ToArray()) Remove(routee);
                break;
            case Terminated terminated:
                Forget(Routee.FromActorRef(terminated.ActorRef));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Grow()
    {
        Routee routee = Routee.FromActorRef(Reference.MakeRoutee());
        Watch(routee);
        Reference.Replace([.. Reference.Router.Routees, routee]);
    }

    private void Remove(Routee routee)
    {
        Forget(routee);
        if (routee is not ActorRefRoutee { Actor: var actor }) return;
        Context.Unwatch(actor);
        // What it has in its mailbox is still done.
        if (config is Pool && actor.AsInternal().Parent.Equals(Self)) actor.Tell(PoisonPill.Instance);
    }

    private void Forget(Routee routee)
    {
        Routee[] left = [.. Reference.Router.Routees.Where(other => !other.Equals(routee))];
        Reference.Replace(left);
        if (left.Length == 0 && config is Pool && config.StopRouterWhenAllRouteesRemoved) Context.Stop(Self);
    }

    private static void Watch(Routee routee)
    {
        if (routee is ActorRefRoutee { Actor: var actor }) Context.Watch(actor);
    }
}
