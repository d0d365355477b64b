namespace Akka.Remote.Probing;

/// <summary>What the asking of one peer has shown. The prober writes it in its turns; whoever judges the peer reads it
/// from another thread.</summary>
internal sealed class ProbeReport
{
    private long _answers;
    private long _provenAt = long.MaxValue;

    /// <summary>How often it answered.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>From when on its silence is proven, on the clock of the remoting.</summary>
    public long ProvenAt => Interlocked.Read(ref _provenAt);

    public void Answered() => Interlocked.Increment(ref _answers);

    public void Proven(long at) => Interlocked.Exchange(ref _provenAt, at);
}
