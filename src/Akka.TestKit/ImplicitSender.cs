using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.TestKit;

/// <summary>
/// Makes the test actor the sender of what a test sends without naming one: on the thread that built the kit, and on
/// every thread that the test's awaits continue on.
/// </summary>
internal static class ImplicitSender
{
    public static void Install(IActorRef testActor)
    {
        ActorCell? cell = (testActor as ActorRefWithCell)?.Underlying as ActorCell;
        InternalCurrentActorCellKeeper.Current = cell;
        SynchronizationContext.SetSynchronizationContext(new CellKeepingContext(cell));
    }

    /// <summary>Leaves the thread as it was found, for tests that run on it later.</summary>
    public static void Remove(IActorRef testActor)
    {
        if (!ReferenceEquals(InternalCurrentActorCellKeeper.Current?.Self, testActor)) return;
        InternalCurrentActorCellKeeper.Current = null;
        if (SynchronizationContext.Current is not CellKeepingContext) return;
        SynchronizationContext.SetSynchronizationContext(null);
    }

    private sealed class CellKeepingContext(ActorCell? cell) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback callback, object? state) =>
            ThreadPool.QueueUserWorkItem(_ => Run(callback, state));

        public override void Send(SendOrPostCallback callback, object? state) => Run(callback, state);

        private void Run(SendOrPostCallback callback, object? state)
        {
            ActorCell? outer = InternalCurrentActorCellKeeper.Current;
            SynchronizationContext? outerContext = Current;
            SetSynchronizationContext(this);
            InternalCurrentActorCellKeeper.Current = cell;
            try
            {
                callback(state);
            }
            finally
            {
                InternalCurrentActorCellKeeper.Current = outer;
                SetSynchronizationContext(outerContext);
            }
        }
    }
}
