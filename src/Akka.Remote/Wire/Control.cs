using Akka.Actor;

namespace Akka.Remote.Wire;

/// <summary>Commands of control PDUs, with their numbers on the wire.</summary>
internal enum ControlCommand
{
    None = 0,
    Associate = 1,
    Disassociate = 2,
    Heartbeat = 3,
    DisassociateShuttingDown = 4,
    DisassociateQuarantined = 5,

    /// <summary>Between nodes that both offer <see cref="Offers.ClusterSecret"/>, as the next one: prove that you know
    /// the secret, for this nonce. Numbers of this engine's own stay far above Akka's.</summary>
    Challenge = 100,

    /// <summary>The proof; the dialler's comes with its own nonce.</summary>
    Proof = 101,
}

/// <summary>Who speaks: the advertised address and the number that tells one life of a process from the next.</summary>
/// <param name="System">Name of the actor system.</param>
/// <param name="Host">Advertised host.</param>
/// <param name="Port">Advertised port; 0 for none.</param>
/// <param name="Protocol">The bare transport, <c>tcp</c> or <c>ssl.tcp</c>. Here alone the prefix <c>akka.</c> is
/// missing, and a peer that got it would register an address nobody has.</param>
/// <param name="Uid">31 bits in a 64-bit field.</param>
/// <param name="Offers">What it can do beyond Akka.NET's protocol; of a peer that says nothing, none.</param>
internal sealed record Handshake(
    string System, string Host, int Port, string Protocol, long Uid, Offers Offers = Offers.None)
{
    /// <summary>The name by which others write to it.</summary>
    public Address Address => new("akka." + Protocol, System, Host, Port);
}

/// <summary>A control PDU.</summary>
/// <param name="Handshake">With <see cref="ControlCommand.Associate"/> only.</param>
/// <param name="Nonce">With <see cref="ControlCommand.Challenge"/>, and with the dialler's proof.</param>
/// <param name="Mac">With <see cref="ControlCommand.Proof"/> only.</param>
internal readonly record struct Control(
    ControlCommand Command, Handshake? Handshake = null, byte[]? Nonce = null, byte[]? Mac = null)
{
    public bool IsDisassociate => Command
        is ControlCommand.Disassociate
        or ControlCommand.DisassociateShuttingDown
        or ControlCommand.DisassociateQuarantined;
}
