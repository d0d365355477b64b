using System.Collections.Concurrent;
using Akka.Coordination;

namespace Akka.Cluster.Tools.Tests.Specs;

/// <summary>A lease that answers when the test wants it to, and holds what it has granted.</summary>
public sealed class SlowLease(LeaseSettings settings) : Lease(settings)
{
    private static readonly ConcurrentDictionary<string, Desk> _desks = [];

    // Tests run side by side; each has a section of its own.
    private Desk Own => Of(Settings.LeaseConfig.GetString("key"));

    public static Desk Of(string key) => _desks.GetOrAdd(key, _ => new Desk());

    public override Task<bool> Acquire() => Acquire(_ => { });

    public override Task<bool> Acquire(Action<Exception?> leaseLostCallback)
    {
        var asked = new TaskCompletionSource<bool>();
        Own.Asked.Add(asked);
        return asked.Task;
    }

    public override Task<bool> Release()
    {
        Own.Release();
        return Task.FromResult(true);
    }

    public override bool CheckLease() => Own.IsHeld;

    /// <summary>Where the test sits.</summary>
    public sealed class Desk
    {
        private volatile bool _isHeld;

        public bool IsHeld => _isHeld;

        /// <summary>Who waits for an answer, in the order they asked.</summary>
        public BlockingCollection<TaskCompletionSource<bool>> Asked { get; } = [];

        /// <summary>One each time it was given back.</summary>
        public BlockingCollection<bool> Released { get; } = [];

        public void Grant(TaskCompletionSource<bool> asked)
        {
            _isHeld = true;
            asked.SetResult(true);
        }

        public void Release()
        {
            _isHeld = false;
            Released.Add(true);
        }
    }
}
