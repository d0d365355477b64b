using System.Collections.Immutable;
using Akka.Actor;
using Iridium.Actors.Protocol;

namespace Iridium.Actors.Node;

/// <summary>How far a program is.</summary>
internal sealed record ProcessProgress(int Number, ProcessState State, long Instructions, int Restarts);

/// <summary>A program has ended for good.</summary>
internal sealed record ProcessOver(int Number, ProcessState State, int Code, long Instructions);

/// <summary>The members with an alias, this node left out, the oldest first: so that of two with one alias, while one
/// of them is still on its way out, the first is the one that stays.</summary>
internal sealed record NodesChanged(ImmutableArray<OtherNode> Nodes, bool IsLeaving);

internal sealed record OtherNode(string Alias, Address Address, bool IsReachable);
