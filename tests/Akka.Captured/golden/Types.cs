using System.Collections.Immutable;

namespace Golden;

public class Poco
{
    public int Id { get; set; }

    public string? Name { get; set; }

    public double Score { get; set; }
}

public class Ancestor
{
    public int A = 1;
}

public class Derived : Ancestor
{
    public int z = 9;
    private readonly string b = "two";

    public string B => b;
}

public struct P
{
    public int X;
    public int Y;
}

public record Rec(int N, string S);

public record Pair(Rec L, Rec R);

public record struct RS(int N);

public class Nul
{
    public int? V { get; set; }
}

public class Node
{
    public Node? Next;
    public int V;
}

public class Order
{
    public string? No { get; set; }

    public List<Poco>? Lines { get; set; }

    public Dictionary<string, int>? Map { get; set; }

    public ImmutableList<string>? Tags { get; set; }
}
