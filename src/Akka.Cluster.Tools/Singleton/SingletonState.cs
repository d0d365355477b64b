using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>Where a manager stands.</summary>
internal enum SingletonPhase
{
    /// <summary>Somebody else is older, and has the singleton.</summary>
    Younger,

    /// <summary>It is the oldest now, and waits until the one before has stopped its singleton.</summary>
    BecomingOldest,

    /// <summary>It is the oldest and nobody else has the singleton, but the lease is not its own: not yet, or not any
    /// more.</summary>
    AcquiringLease,

    /// <summary>It has the singleton.</summary>
    Oldest,

    /// <summary>It has the singleton and another is the oldest now; it waits to be asked for it.</summary>
    WasOldest,

    /// <summary>Its singleton is stopping.</summary>
    HandingOver,

    /// <summary>It goes with its node, and does nothing any more.</summary>
    Gone,
}

/// <summary>
/// The rules by which managers pass one singleton on, as a pure function: at every moment at most one of them has it,
/// and it is the oldest member that does, sooner or later.
/// <code>
///   Younger --oldest now--> BecomingOldest --hand-over done, or the one before removed--> Oldest
///   Oldest --another is oldest--> WasOldest --asked--> HandingOver --stopped--> Younger or Gone
/// </code>
/// With a lease, AcquiringLease stands before Oldest, and is where who loses it goes back to; it is given back before a
/// hand-over is done.
/// </summary>
/// <param name="Self">This node.</param>
/// <param name="Oldest">The oldest member, as this node sees it; null when there is none.</param>
internal sealed partial record SingletonState(
    UniqueAddress Self, SingletonPhase Phase, UniqueAddress? Oldest, SingletonRules Rules)
{
    /// <summary>Who were the oldest before, and may still have the singleton. When several go at once it need not be
    /// the last of them: who comes next may never have got it from the one before.</summary>
    public ImmutableArray<UniqueAddress> Previous { get; init; } = [];

    /// <summary>Who asked for the hand-over that is going on.</summary>
    public Address? HandOverTo { get; init; }

    /// <summary>Whom it has given the singleton to although, as far as it knows, it is the oldest itself.</summary>
    public UniqueAddress? GivenTo { get; init; }

    /// <summary>Which life of a member <see cref="HandOverTo"/> is; null if it is none.</summary>
    public UniqueAddress? Taker { get; init; }

    /// <summary>Who got the singleton from this node, until that one is removed: meanwhile nobody else may think that
    /// it is free.</summary>
    public UniqueAddress? LastTaker { get; init; }

    /// <summary>Who has said that it is stopping its singleton: no need to ask again.</summary>
    public ImmutableArray<Address> Promised { get; init; } = [];

    public bool SelfExiting { get; init; }

    public int Retries { get; init; }

    public static SingletonState Start(UniqueAddress self, UniqueAddress? oldest, SingletonRules rules) =>
        new(self, SingletonPhase.Younger, self.Equals(oldest) ? null : oldest, rules);

    /// <summary>Another member is the oldest, or none is.</summary>
    public SingletonStep OnOldest(UniqueAddress? oldest)
    {
        if (Equals(oldest, Oldest)) return Stay();
        SingletonState next = this with { Oldest = oldest, Previous = PreviousTo(oldest), Retries = 0 };
        bool isSelf = Self.Equals(oldest);
        switch (Phase)
        {
            case SingletonPhase.Younger when isSelf && !next.IsWaiting:
                return next.StartSingleton();
            case SingletonPhase.Younger when isSelf:
                next = next with { Phase = SingletonPhase.BecomingOldest, Promised = [] };
                return new(next, [.. next.AskForHandOver(), new SingletonEffect.Retry()]);
            case SingletonPhase.BecomingOldest when !isSelf:
                return new(next with { Phase = SingletonPhase.Younger, GivenTo = null }, []);
            case SingletonPhase.AcquiringLease when IsStopping:
                return new(next with { Phase = SingletonPhase.HandingOver, IsStopping = false }, []);
            case SingletonPhase.AcquiringLease:
                return (next with { Phase = SingletonPhase.Younger }).ReleaseLease();
            case SingletonPhase.Oldest when !isSelf && oldest is not null:
                return new(next with { Phase = SingletonPhase.WasOldest },
                    [new SingletonEffect.Send(oldest.Address, TakeOverFromMe.Instance), new SingletonEffect.Retry()]);
            case SingletonPhase.WasOldest when isSelf:
                return new(next with { Phase = SingletonPhase.Oldest, Previous = [] }, []);
            case SingletonPhase.WasOldest when oldest is not null:
                return new(next, [new SingletonEffect.Send(oldest.Address, TakeOverFromMe.Instance)]);
            case SingletonPhase.Oldest when oldest is null && SelfExiting:
            case SingletonPhase.WasOldest when oldest is null:
                return next.StopSingleton(null, []);
            default:
                return new(next, []);
        }
    }

    /// <summary>A member is gone, and what it may still have been doing is over.</summary>
    public SingletonStep OnRemoved(UniqueAddress node)
    {
        if (node.Equals(Self))
            return new(this with { Phase = SingletonPhase.Gone }, [new SingletonEffect.StopManager()]);
        return (this with
        {
            Previous = Previous.Remove(node),
            GivenTo = node.Equals(GivenTo) ? null : GivenTo,
            LastTaker = node.Equals(LastTaker) ? null : LastTaker,
        }).StartWhenFree();
    }

    /// <param name="message">What another manager says.</param>
    /// <param name="from">Where it is.</param>
    /// <param name="member">Which member that is; null if none that could have the singleton.</param>
    public SingletonStep OnMessage(
        IClusterSingletonMessage message, Address from, UniqueAddress? member = null) => (Phase, message) switch
    {
        (SingletonPhase.BecomingOldest, HandOverInProgress) => new(this with { Promised = Promised.Add(from) }, []),
        (SingletonPhase.BecomingOldest, HandOverDone) => (this with
        {
            Previous = Previous.RemoveAll(node => node.Address.Equals(from)),
            GivenTo = from.Equals(GivenTo?.Address) ? null : GivenTo,
        }).StartWhenFree(),
        (SingletonPhase.BecomingOldest, HandOverToMe) when from.Equals(GivenTo?.Address) =>
            new(this, [new SingletonEffect.Reply(HandOverDone.Instance)]),
        (SingletonPhase.BecomingOldest, TakeOverFromMe) =>
            new(this, [new SingletonEffect.Reply(HandOverToMe.Instance)]),

        // It may hear from the one before earlier than from the cluster. Then it asks when it knows.
        (SingletonPhase.Younger, TakeOverFromMe) => Stay(),
        (SingletonPhase.Younger, HandOverToMe) when !SelfExiting && (LastTaker is null || LastTaker.Equals(member)) =>
            new(this, [new SingletonEffect.Reply(HandOverDone.Instance)]),
        // Who asks but does not count goes and does not know it yet, or has come and is not known here yet. Who goes needs
        // no singleton any more; who has come asks again.
        (_, HandOverToMe) when member is null => Stay(),
        (SingletonPhase.AcquiringLease, HandOverToMe) when IsStopping =>
            new(this with { Phase = SingletonPhase.HandingOver, HandOverTo = from, Taker = member, IsStopping = false },
                [new SingletonEffect.Reply(HandOverInProgress.Instance)]),
        (SingletonPhase.Oldest or SingletonPhase.WasOldest or SingletonPhase.AcquiringLease, HandOverToMe) =>
            (this with { Taker = member })
                .StopSingleton(from, [new SingletonEffect.Reply(HandOverInProgress.Instance)]),
        (SingletonPhase.HandingOver, HandOverToMe) =>
            new(this with { HandOverTo = from, Taker = member },
                [new SingletonEffect.Reply(HandOverInProgress.Instance)]),
        _ => Stay(),
    };

    public SingletonStep OnSingletonStopped()
    {
        if (IsStopping) return OnStoppedWithoutLease();
        if (Phase != SingletonPhase.HandingOver) return Stay();
        return Rules.UsesLease ? (this with { IsReleasing = true }).ReleaseLease() : HandOver();
    }

    private SingletonStep HandOver()
    {
        ImmutableArray<SingletonEffect> effects =
            HandOverTo is null ? [] : [new SingletonEffect.Send(HandOverTo, HandOverDone.Instance)];
        if (SelfExiting)
            return new(this with { Phase = SingletonPhase.Gone }, effects.Add(new SingletonEffect.StopManager()));
        SingletonState next =
            this with { Phase = SingletonPhase.Younger, HandOverTo = null, Taker = null, LastTaker = Taker };
        if (!Self.Equals(Oldest)) return new(next, effects);
        // Who asked believes that this node goes. If it soon does not know so itself, it takes the singleton back.
        next = next with { Phase = SingletonPhase.BecomingOldest, GivenTo = Taker, Promised = [], Retries = 0 };
        if (next.IsWaiting) return new(next, effects.Add(new SingletonEffect.Retry()));
        SingletonStep again = next.StartSingleton();
        return again with { Effects = effects.AddRange(again.Effects) };
    }

    /// <summary>This node goes.</summary>
    public SingletonStep OnSelfExiting()
    {
        SingletonState next = this with { SelfExiting = true };
        bool hasNone = Phase is SingletonPhase.Younger or SingletonPhase.BecomingOldest
            || (Phase == SingletonPhase.AcquiringLease && !IsStopping);
        return hasNone
            ? new(next with { Phase = SingletonPhase.Gone }, [new SingletonEffect.StopManager()])
            : new(next, []);
    }

    /// <summary>
    /// Nobody answered for a while: ask again. After too many times the other is taken for silent for good.
    /// </summary>
    public SingletonStep OnRetry()
    {
        SingletonState next = this with { Retries = Retries + 1 };
        bool more = next.Retries <= Rules.Retries;
        switch (Phase)
        {
            case SingletonPhase.BecomingOldest when IsWaiting:
                return new(next, [.. AskForHandOver(), new SingletonEffect.Retry()]);
            case SingletonPhase.WasOldest when more && Oldest is not null:
                return new(next,
                    [new SingletonEffect.Send(Oldest.Address, TakeOverFromMe.Instance), new SingletonEffect.Retry()]);
            case SingletonPhase.WasOldest:
                return StopSingleton(null, []);
            default:
                return Stay();
        }
    }

    private bool IsWaiting => !Previous.IsEmpty || GivenTo is not null;

    private ImmutableArray<UniqueAddress> PreviousTo(UniqueAddress? oldest)
    {
        ImmutableArray<UniqueAddress> previous =
            Oldest is null || Self.Equals(Oldest) || Previous.Contains(Oldest) ? Previous : Previous.Add(Oldest);
        return oldest is null ? previous : previous.Remove(oldest);
    }

    private IEnumerable<SingletonEffect> AskForHandOver()
    {
        IEnumerable<Address> asked = Previous.Select(node => node.Address);
        if (GivenTo is not null) asked = asked.Append(GivenTo.Address);
        return asked.Where(address => !Promised.Contains(address)).Distinct()
            .Select(address => new SingletonEffect.Send(address, HandOverToMe.Instance));
    }

    private SingletonStep StartWhenFree() =>
        Phase == SingletonPhase.BecomingOldest && !IsWaiting ? StartSingleton() : Stay();

    private SingletonStep StartSingleton()
    {
        SingletonState free = this with { Previous = [], LastTaker = null };
        return Rules.UsesLease
            ? free.AcquireLease()
            : new(free with { Phase = SingletonPhase.Oldest }, [new SingletonEffect.StartSingleton()]);
    }

    private SingletonStep Stay() => new(this, []);

    private SingletonStep StopSingleton(Address? handOverTo, ImmutableArray<SingletonEffect> first) => new(
        this with { Phase = SingletonPhase.HandingOver, HandOverTo = handOverTo },
        first.Add(new SingletonEffect.StopSingleton()));
}
