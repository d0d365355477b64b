using Akka.MultiNode.TestAdapter;

// Nodes share two processors with whatever else is running; specs that ran side by side would take each other's time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

return NodeProgram.Run(args);
