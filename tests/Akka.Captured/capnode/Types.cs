using System.Collections.Immutable;
using Akka.Actor;

namespace Cap;

public class Poco
{
    public int Id { get; set; }

    public string? Name { get; set; }

    public double Score { get; set; }

    public DateTime When { get; set; }

    public List<string>? Items { get; set; }

    public Dictionary<string, int>? Map { get; set; }
}

public record Rec(int N, string S, decimal M, float F, Guid G, DayOfWeek D);

public record WithRef(IActorRef Who, int N, object[] Mixed);

public record Imm(ImmutableList<string> Tags, ImmutableDictionary<string, int> Map);
