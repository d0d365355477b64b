using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Iridium.Actors.Protocol;
using Iridium.Actors.Vm;
using Iridium.Vm.Image;

namespace Iridium.Actors.Node;

/// <summary>
/// The node's front desk, <c>/user/node</c>: it knows who runs here and where the other nodes are, starts and
/// supervises programs, and passes on what is meant for others. It never runs code itself, and answers go straight to
/// the asker.
/// </summary>
public sealed class NodeActor : ReceiveActor
{
    private readonly NodeSettings _settings;
    private readonly VmSettings _vm;
    private readonly Props? _membershipProps;
    private readonly ProcessTable _table;
    private readonly Random _chance;
    private readonly Dictionary<int, Resident> _residents = [];
    private readonly Dictionary<IActorRef, int> _numbers = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef _membership = ActorRefs.Nobody;
    private ImmutableArray<OtherNode> _others = [];
    private bool _isLeaving;

    /// <summary>For <see cref="Props(NodeSettings, VmSettings)"/>: Akka.NET makes actors by public constructors only.</summary>
    public NodeActor(NodeSettings settings, VmSettings vm, Props? membership)
    {
        _settings = settings;
        _vm = vm.On(Context.System);
        _membershipProps = membership;
        _table = new ProcessTable(settings.MaxProcesses, settings.EndedProcessesKept);
        _chance = new Random(settings.Seed ?? Chance.SeedOf(settings.Alias, Context.System.Scheduler.Now));
        Receive<NodeProtocol.Spawn>(OnSpawn);
        Receive<NodeProtocol.SpawnHere>(spawn => SpawnHere(spawn.Request, spawn.Program));
        Receive<NodeProtocol.ListProcesses>(OnListProcesses);
        Receive<NodeProtocol.ListProcessesHere>(list => ListHere(list.Request));
        Receive<NodeProtocol.Kill>(OnKill);
        Receive<NodeProtocol.KillHere>(kill => ToResident(kill.Request, kill.Number, new KillProgram(kill.Request)));
        Receive<NodeProtocol.Inspect>(OnInspect);
        Receive<NodeProtocol.InspectHere>(look => InspectHere(look.Request, look.Number, look.Steps));
        Receive<ProcessProgress>(OnProgress);
        Receive<ProcessOver>(OnOver);
        Receive<Terminated>(OnTerminated);
        Receive<NodesChanged>(OnNodesChanged);
        ReceiveAny(ToMembership);
    }

    private sealed record Resident(IActorRef Vm, IActorRef Audience, string Program);

    /// <summary>A front desk with an eye on the cluster, if the actor system is one of a cluster.</summary>
    public static Props Props(NodeSettings settings, VmSettings vm) =>
        Akka.Actor.Props.Create(() => new NodeActor(settings, vm, MembershipActor.Props(settings)));

    /// <summary>A front desk whose eye on the cluster is something else, or nothing.</summary>
    internal static Props Props(NodeSettings settings, VmSettings vm, Props? membership) =>
        Akka.Actor.Props.Create(() => new NodeActor(settings, vm, membership));

    // What fails here is not a program (its crashes are no exceptions) but the actor around it: it stops, and the
    // table says so.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
    {
        _log.Error(failure, "An actor of the node failed; it is stopped, or started anew if it watches the cluster.");
        return Equals(Sender, _membership) ? Directive.Restart : Directive.Stop;
    });

    protected override void PreStart()
    {
        bool hasCluster = Context.System.Settings.Config.GetString("akka.actor.provider")
            ?.Contains("cluster", StringComparison.OrdinalIgnoreCase) ?? false;
        if (_membershipProps is not null && hasCluster) _membership = Context.ActorOf(_membershipProps, "membership");
    }

    private void OnSpawn(NodeProtocol.Spawn spawn)
    {
        if (spawn.On is null || spawn.On == _settings.Alias) SpawnHere(spawn.Request, spawn.Program);
        else if (spawn.Program.Image.Length > _settings.MaxProgramBytes) RefuseLength(spawn.Request, spawn.Program);
        else if (!Forward(spawn.On, new NodeProtocol.SpawnHere(spawn.Request, spawn.Program), out bool isKnown))
        {
            SpawnRefusal reason = isKnown ? SpawnRefusal.UnreachableNode : SpawnRefusal.UnknownNode;
            Sender.Tell(new NodeProtocol.SpawnRefused(spawn.Request, reason, spawn.On));
        }
    }

    private void SpawnHere(int request, ProgramFile program)
    {
        if (program.Image.Length > _settings.MaxProgramBytes)
        {
            RefuseLength(request, program);
            return;
        }
        if (_isLeaving)
        {
            Sender.Tell(new NodeProtocol.SpawnRefused(request, SpawnRefusal.Leaving, _settings.Alias));
            return;
        }
        if (_table.IsFull)
        {
            Sender.Tell(new NodeProtocol.SpawnRefused(request, SpawnRefusal.NodeFull, $"{_settings.MaxProcesses}"));
            return;
        }
        Verification verification = Verifier.Verify(program.Image, _vm.Limits);
        if (verification.Accepted) Start(request, program, verification.Image);
        else Sender.Tell(new NodeProtocol.SpawnRefused(request, SpawnRefusal.BadImage, verification.Reject.Text));
    }

    private void Start(int request, ProgramFile program, VerifiedImage image)
    {
        int number = _table.Add(program.Name, Context.System.Scheduler.MonotonicClock);
        var order = new VmOrder(
            new Pid(_settings.Alias, number), program, image, request, Sender, _vm, _settings.ProgressInterval,
            _chance.Next());
        IActorRef vm = Context.Watch(Context.ActorOf(VmActor.Props(order), $"vm-{number}"));
        _residents.Add(number, new Resident(vm, Sender, program.Name));
        _numbers.Add(vm, number);
    }

    private void RefuseLength(int request, ProgramFile program) => Sender.Tell(new NodeProtocol.SpawnRefused(
        request, SpawnRefusal.TooLong, $"{program.Image.Length} bytes, {_settings.MaxProgramBytes} are the most"));

    private void OnListProcesses(NodeProtocol.ListProcesses list)
    {
        foreach (OtherNode node in _others.Where(node => node.IsReachable))
        {
            Desk(node).Tell(new NodeProtocol.ListProcessesHere(list.Request), Sender);
        }
        Sender.Tell(new NodeProtocol.Listing(
            list.Request,
            Aliases(node => node.IsReachable, _settings.Alias),
            Aliases(node => !node.IsReachable)));
        ListHere(list.Request);
    }

    private ImmutableArray<string> Aliases(Func<OtherNode, bool> which, params string[] more) =>
        [.. _others.Where(which).Select(node => node.Alias).Concat(more).Distinct().Order(StringComparer.Ordinal)];

    private void ListHere(int request)
    {
        ImmutableArray<ProcessRow> rows =
            _table.Rows(Context.System.Scheduler.MonotonicClock, WireLimits.RowsSent, out int omitted);
        Sender.Tell(new NodeProtocol.Processes(request, _settings.Alias, rows, omitted));
    }

    private void OnKill(NodeProtocol.Kill kill)
    {
        if (kill.Pid.Node == _settings.Alias)
        {
            ToResident(kill.Request, kill.Pid.Number, new KillProgram(kill.Request));
        }
        else
        {
            ToDesk(kill.Request, kill.Pid, new NodeProtocol.KillHere(kill.Request, kill.Pid.Number));
        }
    }

    private void OnInspect(NodeProtocol.Inspect look)
    {
        if (look.Pid.Node == _settings.Alias) InspectHere(look.Request, look.Pid.Number, look.Steps);
        else ToDesk(look.Request, look.Pid, new NodeProtocol.InspectHere(look.Request, look.Pid.Number, look.Steps));
    }

    private void InspectHere(int request, int number, int steps) =>
        ToResident(request, number, new InspectProgram(request, Math.Clamp(steps, 0, WireLimits.Steps)));

    private void ToDesk(int request, Pid pid, IWireMessage message)
    {
        if (Forward(pid.Node, message, out bool isKnown)) return;
        ProcessOutcome outcome = isKnown ? ProcessOutcome.UnreachableNode : ProcessOutcome.UnknownNode;
        Sender.Tell(new NodeProtocol.KillAnswer(request, pid, outcome));
    }

    private void ToResident(int request, int number, object message)
    {
        ProcessState? state = _table.StateOf(number);
        if (state is { } living && !ProcessTable.HasEnded(living))
        {
            _residents[number].Vm.Forward(message);
            return;
        }
        ProcessOutcome outcome = state is null ? ProcessOutcome.NoSuchProcess : ProcessOutcome.AlreadyEnded;
        Sender.Tell(new NodeProtocol.KillAnswer(request, new Pid(_settings.Alias, number), outcome));
    }

    private void OnProgress(ProcessProgress progress) =>
        _table.Progress(progress.Number, progress.State, progress.Instructions, progress.Restarts);

    private void OnOver(ProcessOver over)
    {
        _table.End(over.Number, over.State, over.Code, over.Instructions, Context.System.Scheduler.MonotonicClock);
        Sender.Tell(PoisonPill.Instance);
    }

    private void OnTerminated(Terminated terminated)
    {
        if (!_numbers.Remove(terminated.ActorRef, out int number)) return;
        _residents.Remove(number, out Resident? resident);
        if (_table.StateOf(number) is not { } state || ProcessTable.HasEnded(state)) return;
        _table.End(number, ProcessState.Failed, 0, null, Context.System.Scheduler.MonotonicClock);
        resident!.Audience.Tell(new VmProtocol.Ended(
            new Pid(_settings.Alias, number), resident.Program, ProcessState.Failed, 0, 0, null, RestartsIn: null));
    }

    private void OnNodesChanged(NodesChanged changed)
    {
        _others = changed.Nodes;
        _isLeaving = changed.IsLeaving;
    }

    // How nodes meet is the membership actor's business; it answers the asker itself.
    private void ToMembership(object message)
    {
        if (!_membership.IsNobody())
        {
            _membership.Forward(message);
            return;
        }
        switch (message)
        {
            case ClusterProtocol.ListMembers list:
                Sender.Tell(new ClusterProtocol.Members(list.Request, []));
                break;
            case ClusterProtocol.StartCluster start:
                Sender.Tell(new ClusterProtocol.JoinFailed(start.Request, JoinRefusal.NoEndpoint, ""));
                break;
            case ClusterProtocol.JoinCluster join:
                Sender.Tell(new ClusterProtocol.JoinFailed(join.Request, JoinRefusal.NoEndpoint, ""));
                break;
            case ClusterProtocol.AskAlias:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private bool Forward(string alias, IWireMessage message, out bool isKnown)
    {
        OtherNode[] known = [.. _others.Where(node => node.Alias == alias)];
        isKnown = known.Length > 0;
        if (known.FirstOrDefault(node => node.IsReachable) is not { } node) return false;
        Desk(node).Tell(message, Sender);
        return true;
    }

    private static ActorSelection Desk(OtherNode node) =>
        Context.ActorSelection(new RootActorPath(node.Address) / "user" / "node");
}
