using Xunit;
using Xunit.Sdk;

namespace Akka.MultiNode.TestAdapter;

/// <summary>
/// Marks the test method of a <c>MultiNodeSpec</c>: each role runs it in a process of its own, and the fact holds when
/// it holds in all of them. <see cref="FactAttribute.Timeout"/> is the limit for the whole, in milliseconds; without
/// one it is <see cref="NodeLimits.WholeSpec"/>.
/// </summary>
/// <remarks>The test assembly is a program whose entry point is <see cref="NodeProgram.Run"/>.</remarks>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Akka.MultiNode.TestAdapter.MultiNodeFactDiscoverer", "Akka.MultiNode.TestAdapter")]
public sealed class MultiNodeFactAttribute : FactAttribute;
