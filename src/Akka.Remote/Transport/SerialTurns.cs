using Akka.Engine;

namespace Akka.Remote.Transport;

/// <summary>
/// Runs pieces of work one at a time, in the order they were posted, on the host's executor: what only they touch needs
/// no lock. The mailbox of the part of remoting that is no actor, because it must outlive them all.
/// </summary>
/// <param name="failed">Hears of an exception that escaped from a piece of work; the next one runs regardless.</param>
internal sealed class SerialTurns(IExecutor executor, Action<Exception> failed) : IThreadPoolWorkItem
{
    // Then others have their turn.
    private const int WorkPerTurn = 100;

    private readonly Lock _gate = new();
    private readonly Queue<Action> _work = [];
    private bool _scheduled;

    public void Post(Action work)
    {
        lock (_gate)
        {
            _work.Enqueue(work);
            if (_scheduled) return;
            _scheduled = true;
        }
        executor.Execute(this);
    }

    void IThreadPoolWorkItem.Execute()
    {
        for (int done = 0; done < WorkPerTurn; done++)
        {
            if (!TryTake(out Action? work)) return;
            try
            {
                work();
            }
            catch (Exception error)
            {
                failed(error);
            }
        }
        executor.Execute(this);
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Action? work)
    {
        lock (_gate)
        {
            _scheduled = _work.TryDequeue(out work);
            return _scheduled;
        }
    }
}
