using Akka.Actor;
using Akka.Cluster.Tools.Singleton;

namespace Akka.Cluster.Tools.Tests.Inside;

/// <summary>
/// A manager, its lease and what may happen to them by chance. The lease grants, refuses, is late and is lost; what it
/// tells comes to the manager in any order, as threads may tell it, and a loss in answer to any question that it granted.
/// </summary>
internal sealed class SingletonLeaseWorld(SingletonState start, UniqueAddress other, int seed, Random chance)
{
    private readonly List<int> _asked = [];
    private readonly List<Letter> _mail = [];
    private SingletonState _state = start;
    private bool _isHeld;
    private bool _isAnothers;
    private bool _runs;
    private bool _stops;
    private int _releases;
    private int _lastReleased;

    private enum What
    {
        Granted,
        Refused,
        Lost,
        Released,
        AskAgain,
    }

    public int Starts { get; private set; }

    public int Losses { get; private set; }

    public bool IsOver => _state.Phase == SingletonPhase.Gone;

    private UniqueAddress Self => _state.Self;

    public void Go()
    {
        switch (chance.Next(14))
        {
            case 0: Take(_state.OnOldest(new[] { Self, other, null }[chance.Next(3)])); break;
            case 1: Take(_state.OnRemoved(other)); break;
            case 2: Take(_state.OnMessage(HandOverToMe.Instance, other.Address, other)); break;
            case 3: Take(_state.OnMessage(HandOverDone.Instance, other.Address)); break;
            case 4 when _stops:
                (_runs, _stops) = (false, false);
                Take(_state.OnSingletonStopped());
                break;
            case 5 when chance.Next(10) == 0: Take(_state.OnSelfExiting()); break;
            case 6: _isAnothers = !_isHeld && chance.Next(3) == 0; break;
            case 7 when _isHeld:
                (_isHeld, _isAnothers) = (false, chance.Next(2) == 0);
                Losses++;
                _mail.Add(new(What.Lost, 0));
                break;
            case 8 when _asked.Count > 0: _mail.Add(new(What.Refused, _asked[^1])); break;
            case 9 or 10 when _asked.Count > 0: Answer(); break;
            default:
                if (_mail.Count > 0) Deliver();
                break;
        }

        Check();
    }

    /// <summary>It may have been given up for late before, which case 8 is.</summary>
    private void Answer()
    {
        int question = _asked[chance.Next(_asked.Count)];
        _asked.Remove(question);
        if (!_isAnothers) _isHeld = true;
        _mail.Add(new(_isHeld ? What.Granted : What.Refused, question));
    }

    private void Deliver()
    {
        Letter letter = _mail[chance.Next(_mail.Count)];
        _mail.Remove(letter);
        if (letter.Is == What.Released) _lastReleased = Math.Max(_lastReleased, letter.Number);
        Take(letter.Is switch
        {
            What.Lost => _state.OnLeaseLost(),
            What.Released => _state.OnLeaseReleased(letter.Number),
            What.AskAgain => _state.OnLeaseRetry(letter.Number),
            _ => _state.OnLease(letter.Number, letter.Is == What.Granted),
        }, mayStart: letter.Is == What.Granted);
    }

    private void Take(SingletonStep step, bool mayStart = false)
    {
        _state = step.State;
        foreach (SingletonEffect effect in step.Effects) Perform(effect, mayStart);
    }

    private void Perform(SingletonEffect effect, bool mayStart)
    {
        switch (effect)
        {
            case SingletonEffect.StartSingleton:
                Demand(mayStart && !_runs, "started in");
                _runs = true;
                Starts++;
                break;
            case SingletonEffect.StopSingleton:
                Demand(!_stops, "told to stop twice in");
                if (_runs) _stops = true;
                else Take(_state.OnSingletonStopped());
                break;
            case SingletonEffect.AcquireLease acquire: _asked.Add(acquire.Question); break;
            case SingletonEffect.RetryLease retry: _mail.Add(new(What.AskAgain, retry.Question)); break;
            case SingletonEffect.ReleaseLease release:
                (_isHeld, _releases) = (false, release.Release);
                _mail.Add(new(What.Released, release.Release));
                break;
            case SingletonEffect.Send { Message: HandOverDone }:
                Demand(_lastReleased == _releases, "hands over before it has given back in");
                break;
            case SingletonEffect.StopManager:
                Demand(!_runs, "left one behind in");
                break;
        }
    }

    private void Check()
    {
        if (IsOver) return;
        bool goesOn = _runs && !_stops;
        bool needsLease = _state.Phase is SingletonPhase.Oldest or SingletonPhase.WasOldest;
        Assert.True(!needsLease || goesOn, $"seed {seed}: {_state} without a singleton");
        bool knows = !_mail.Exists(letter => letter.Is == What.Lost);
        Demand(!goesOn || !knows || _isHeld, "goes on without the lease in");
        bool asks = _state.Phase == SingletonPhase.AcquiringLease && !_state.IsStopping;
        int question = _state.LeaseQuestion;
        bool waits = _asked.Contains(question) || _mail.Exists(letter => letter.Number == question);
        Demand(!asks || waits, "waits for nothing in");
    }

    // Texts of states are made for failures only: they take long.
    private void Demand(bool isSo, string before, string after = "")
    {
        if (!isSo) Assert.Fail($"seed {seed}: {before} {_state}{after}");
    }

    private sealed record Letter(What Is, int Number);
}
