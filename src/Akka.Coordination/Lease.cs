namespace Akka.Coordination;

/// <summary>
/// A lock that is held by one owner in the whole world, as some service outside of the cluster keeps it: a database, an
/// orchestrator. Who can take it may do what only one may do. Its owner renews it; an owner that dies loses it after
/// <see cref="TimeoutSettings.HeartbeatTimeout"/>.
/// </summary>
/// <remarks>Implementations are named by HOCON; see <see cref="LeaseProvider"/>. Their tasks must end.</remarks>
public abstract class Lease(LeaseSettings settings)
{
    public LeaseSettings Settings { get; } = settings;

    /// <summary>Tries to take the lease; who holds it already has it.</summary>
    /// <returns>True: it is this owner's. False: it is another's. Fails when that cannot be found out.</returns>
    public abstract Task<bool> Acquire();

    /// <inheritdoc cref="Acquire()"/>
    /// <param name="leaseLostCallback">Called when the lease was this owner's and is no more, with the reason if there is
    /// one.</param>
    public abstract Task<bool> Acquire(Action<Exception?> leaseLostCallback);

    /// <summary>Gives the lease back.</summary>
    /// <returns>True: nobody else needs to wait for it. False: it may be this owner's until it times out.</returns>
    public abstract Task<bool> Release();

    /// <summary>Whether this owner holds the lease, as far as is known without asking anybody. At once.</summary>
    public abstract bool CheckLease();
}
