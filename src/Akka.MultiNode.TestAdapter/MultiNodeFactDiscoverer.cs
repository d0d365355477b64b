using System.ComponentModel;
using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Akka.MultiNode.TestAdapter;

/// <summary>Finds test methods that run on several nodes.</summary>
public sealed class MultiNodeFactDiscoverer(IMessageSink diagnosticMessageSink) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
    [
        new MultiNodeTestCase(
            diagnosticMessageSink,
            discoveryOptions.MethodDisplayOrDefault(),
            discoveryOptions.MethodDisplayOptionsOrDefault(),
            testMethod),
    ];
}

/// <summary>A test method whose run is that of its nodes' processes.</summary>
public sealed class MultiNodeTestCase : XunitTestCase
{
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("For deserialization only.")]
    public MultiNodeTestCase()
    {
    }

    public MultiNodeTestCase(
        IMessageSink sink, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(sink, display, options, method)
    {
    }

    public override Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink,
        IMessageBus messageBus,
        object[] constructorArguments,
        ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource) =>
        new CaseRunner(
            this, DisplayName, SkipReason, constructorArguments, TestMethodArguments, messageBus, aggregator,
            cancellationTokenSource).RunAsync();

    private sealed class CaseRunner(
        IXunitTestCase testCase,
        string displayName,
        string skipReason,
        object[] constructorArguments,
        object[] testMethodArguments,
        IMessageBus messageBus,
        ExceptionAggregator aggregator,
        CancellationTokenSource cancellation)
        : XunitTestCaseRunner(
            testCase, displayName, skipReason, constructorArguments, testMethodArguments, messageBus, aggregator,
            cancellation)
    {
        protected override XunitTestRunner CreateTestRunner(
            ITest test,
            IMessageBus messageBus,
            Type testClass,
            object[] constructorArguments,
            MethodInfo testMethod,
            object[] testMethodArguments,
            string skipReason,
            IReadOnlyList<BeforeAfterTestAttribute> beforeAfterAttributes,
            ExceptionAggregator aggregator,
            CancellationTokenSource cancellationTokenSource) => new NodesRunner(
                test, messageBus, testClass, constructorArguments, testMethod, testMethodArguments, skipReason,
                beforeAfterAttributes, aggregator, cancellationTokenSource, TestCase.Timeout);
    }

    private sealed class NodesRunner(
        ITest test,
        IMessageBus messageBus,
        Type testClass,
        object[] constructorArguments,
        MethodInfo testMethod,
        object[] testMethodArguments,
        string skipReason,
        IReadOnlyList<BeforeAfterTestAttribute> beforeAfterAttributes,
        ExceptionAggregator aggregator,
        CancellationTokenSource cancellation,
        int timeoutMilliseconds)
        : XunitTestRunner(
            test, messageBus, testClass, constructorArguments, testMethod, testMethodArguments, skipReason,
            beforeAfterAttributes, aggregator, cancellation)
    {
        protected override async Task<Tuple<decimal, string>> InvokeTestAsync(ExceptionAggregator aggregator)
        {
            TimeSpan limit = timeoutMilliseconds > 0
                ? TimeSpan.FromMilliseconds(timeoutMilliseconds)
                : NodeLimits.WholeSpec;
            var timer = new ExecutionTimer();
            await aggregator.RunAsync(() => timer.AggregateAsync(async () =>
            {
                string? failure = await new SpecRun(TestClass, TestMethod, limit).Play(CancellationTokenSource.Token);
                if (failure is not null) throw new MultiNodeException(failure);
            }));
            return Tuple.Create(timer.Total, string.Empty);
        }
    }
}

/// <summary>What the nodes said that failed.</summary>
public sealed class MultiNodeException(string message) : XunitException(message)
{
    // Where this was thrown tells nobody anything; where the nodes failed is in the message.
    public override string StackTrace => "";
}
