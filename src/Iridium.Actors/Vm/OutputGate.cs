namespace Iridium.Actors.Vm;

/// <summary>
/// How fast a program may print: so many characters per second for long, and a burst after a pause. A program that
/// goes past it is not cut; it owes, and runs again when the debt is paid. So a program that prints for ever floods
/// neither a mailbox nor a screen, and no text is lost.
/// </summary>
internal struct OutputGate(int rate, int burst, TimeSpan now)
{
    private double _credit = burst;
    private TimeSpan _at = now;

    /// <summary>Takes the characters of a slice.</summary>
    /// <returns>How long the program must wait before it runs again; zero as long as it is within its rate.</returns>
    public TimeSpan Spend(int characters, TimeSpan now)
    {
        _credit = Math.Min(burst, _credit + (now - _at).TotalSeconds * rate) - characters;
        _at = now;
        return _credit >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_credit / rate);
    }
}
