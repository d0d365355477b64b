using System.Diagnostics;
using Akka.Actor;
using Akka.Coordination;

namespace Iridium.FaultLab.Nodes;

/// <summary>
/// A lease for the processes of one machine, in the <c>folder</c> of its section: whoever has it has it for
/// <see cref="TimeoutSettings.HeartbeatTimeout"/>, makes that longer every
/// <see cref="TimeoutSettings.HeartbeatInterval"/>, and another takes it only when the time is over.
/// </summary>
/// <remarks>
/// The owner knows by its own clock when its time is over, and asks nobody: so it knows it as well when it was stopped and
/// has not learned anything since. That clock is the one that the time is written in, for all are on one machine; a lease for
/// several machines would have to count from before each of its questions, and take clocks to run at about the same speed.
/// A term that has ended is not made longer, not even when nobody else has begun one: it was lost.
/// </remarks>
internal sealed class TermLease : Lease
{
    private readonly Lock _gate = new();
    private readonly LeaseFiles _files;
    private readonly IScheduler _scheduler;
    private readonly long _length;
    private LeaseTerm? _own;
    private Action<Exception?>? _lost;
    private ICancelable? _renewing;
    private long _until;

    /// <param name="settings">All who want the lease have the same folder.</param>
    /// <param name="system">Its scheduler tells when to renew.</param>
    public TermLease(LeaseSettings settings, ExtendedActorSystem system) : base(settings)
    {
        string folder = Path.Combine(
            settings.LeaseConfig.GetString("folder"), Uri.EscapeDataString(settings.LeaseName));
        Directory.CreateDirectory(folder);
        _files = new LeaseFiles(folder, settings.OwnerName);
        _scheduler = system.Scheduler;
        _length = (long)(settings.TimeoutSettings.HeartbeatTimeout.TotalSeconds * Stopwatch.Frequency);
    }

    public override Task<bool> Acquire() => Acquire(_ => { });

    public override Task<bool> Acquire(Action<Exception?> leaseLostCallback) => Task.Run(() => Take(leaseLostCallback));

    public override Task<bool> Release() => Task.Run(GiveBack);

    public override bool CheckLease()
    {
        // The clock is looked at last: a process that is stopped in between must not find the time of before.
        long until = Volatile.Read(ref _until);
        return Stopwatch.GetTimestamp() < until;
    }

    private bool Take(Action<Exception?> lost)
    {
        lock (_gate)
        {
            if (!CheckLease())
            {
                long now = Stopwatch.GetTimestamp();
                LeaseTerm last = _files.Last();
                if (!last.HasEnded(now)) return false;
                LeaseTerm next = last.Next(Settings.OwnerName, now, _length);
                if (!_files.TryBegin(next)) return false;
                Hold(next);
                TimeSpan interval = Settings.TimeoutSettings.HeartbeatInterval;
                _renewing?.Cancel();
                _renewing = _scheduler.Advanced.ScheduleRepeatedlyCancelable(interval, interval, () => Task.Run(Renew));
            }
            _lost = lost;
            return CheckLease();
        }
    }

    private void Renew()
    {
        Action<Exception?>? lost;
        lock (_gate)
        {
            if (_own is null || TryRenew(_own)) return;
            lost = _lost;
            LetGo();
        }
        lost?.Invoke(new LeaseException("It was not renewed in time."));
    }

    /// <returns>False: it is lost.</returns>
    private bool TryRenew(LeaseTerm own)
    {
        long now = Stopwatch.GetTimestamp();
        if (own.HasEnded(now)) return false;
        LeaseTerm longer = own.Longer(now, _length);
        try
        {
            _files.Write(longer);
        }
        catch (IOException)
        {
            return true; // It lasts as long as it did, and the next renewal may succeed.
        }
        // Whoever looked after its end, and before this was written, has found it over.
        if (own.HasEnded(Stopwatch.GetTimestamp())) return false;
        Hold(longer);
        return true;
    }

    private bool GiveBack()
    {
        lock (_gate)
        {
            if (_own is not { } own) return true;
            LetGo();
            _files.Write(own with { Until = 0 });
            return true;
        }
    }

    private void Hold(LeaseTerm term)
    {
        _own = term;
        Volatile.Write(ref _until, term.Until);
    }

    private void LetGo()
    {
        _own = null;
        Volatile.Write(ref _until, 0);
        _renewing?.Cancel();
    }
}
