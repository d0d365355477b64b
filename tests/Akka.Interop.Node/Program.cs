using System.Text.Json;
using Akka.Interop.Node;

// A command is a JSON array of words on a line of standard input, what the node has to say one on a line of standard
// output. The first argument is the port (0: any that is free), the second is configuration that goes before the node's own.
object gate = new();
using var node = new InteropNode(int.Parse(args[0]), args.Length > 1 ? args[1] : "", words =>
{
    lock (gate) Console.Out.WriteLine(JsonSerializer.Serialize(words));
});
while (Console.In.ReadLine() is { } line) node.Do(JsonSerializer.Deserialize<string[]>(line)!);
