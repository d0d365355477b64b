using Akka.Engine;

namespace Iridium.Simulation.Virtual;

/// <summary>
/// The processor of one process: pieces of work run one at a time, each costs a little virtual time, and the seed picks
/// the next among those that can run.
/// </summary>
internal sealed class SimExecutor(SimProcess process) : IExecutor, IHappening
{
    private readonly World _world = process.World;
    private readonly SeedRandom _chance = process.Random.Split("turns");
    private readonly List<IThreadPoolWorkItem> _runnable = [];
    private bool _planned;
    private long _freeAt;
    private IThreadPoolWorkItem? _starved;
    private int _patience;

    public char Letter => 'T';

    public int Runnable => _runnable.Count;

    public void Execute(IThreadPoolWorkItem work, bool preferLocal = false)
    {
        if (!process.Alive) return;
        _runnable.Add(work);
        if (_planned) return;
        _planned = true;
        _world.Plan(Math.Max(_freeAt, _world.Now), process, this);
    }

    public void Happen()
    {
        while (true)
        {
            if (_runnable.Count == 0)
            {
                // The process ended in the middle of its turn.
                _planned = false;
                return;
            }
            Take().Execute();
            WorldRules rules = _world.Rules;
            _freeAt = _world.Now + _chance.Between(rules.LeastTurnTicks, rules.MostTurnTicks) * process.Slowness;
            if (_runnable.Count == 0)
            {
                _planned = false;
                return;
            }
            if (!_world.TryAdvance(_freeAt, process)) break;
            _world.Record(Letter, process);
        }
        _world.Plan(_freeAt, process, this);
    }

    public void Clear() => _runnable.Clear();

    private IThreadPoolWorkItem Take()
    {
        int index = Choose();
        IThreadPoolWorkItem work = _runnable[index];
        int last = _runnable.Count - 1;
        if (_world.Rules.Turns == TurnPolicy.Fifo)
        {
            _runnable.RemoveAt(index);
        }
        else
        {
            _runnable[index] = _runnable[last];
            _runnable.RemoveAt(last);
        }
        return work;
    }

    private int Choose()
    {
        if (_runnable.Count == 1 || _world.Rules.Turns == TurnPolicy.Fifo) return 0;
        int index = _chance.Next(_runnable.Count);
        return _world.Rules.Turns == TurnPolicy.StarveOne ? PassOverStarved(index) : index;
    }

    private int PassOverStarved(int index)
    {
        if (_starved is null)
        {
            _starved = _runnable[index];
            _patience = _world.Rules.StarvedTurns;
        }
        if (--_patience < 0) _starved = null;
        return ReferenceEquals(_runnable[index], _starved) ? (index + 1) % _runnable.Count : index;
    }
}
