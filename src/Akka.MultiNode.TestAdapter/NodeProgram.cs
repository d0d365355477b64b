using System.Diagnostics;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Akka.Remote.TestKit;

namespace Akka.MultiNode.TestAdapter;

/// <summary>
/// One node of a multi-node test: what a test assembly does when it is started as a program by
/// <see cref="SpecRun"/>. It runs the test method once, and tells by its exit code how it went.
/// </summary>
public static class NodeProgram
{
    internal const string TestClassKey = "multinode.test-class";
    internal const string TestMethodKey = "multinode.test-method";
    internal const string ReportKey = "multinode.report";

    private const int Passed = 0;
    private const int Failed = 1;
    private const int WrongCommandLine = 2;

    /// <summary>The whole of a test assembly's <c>Main</c>.</summary>
    /// <param name="args">Pairs <c>-Dmultinode.key=value</c>.</param>
    /// <returns>The exit code of the process.</returns>
    public static int Run(string[] args)
    {
        CommandLine.Initialize(args);
        if (Find(out Type? spec, out MethodInfo? method) is { } complaint)
        {
            Console.Error.WriteLine(complaint);
            return WrongCommandLine;
        }
        EndWithParent();
        try
        {
            Play(spec!, method!).GetAwaiter().GetResult();
            return Passed;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Where there is a report the log need not have the whole again.
            if (CommandLine.GetProperty(ReportKey) is { } file) File.WriteAllText(file, error.ToString());
            else Console.WriteLine(error);
            Console.WriteLine($"Failed: {error.Message}");
            // At once: others who wait for this node must learn that it failed.
            Environment.Exit(Failed);
            return Failed;
        }
    }

    private static string? Find(out Type? spec, out MethodInfo? method)
    {
        string? typeName = CommandLine.GetProperty(TestClassKey);
        string? methodName = CommandLine.GetProperty(TestMethodKey);
        spec = typeName is null ? null : Assembly.GetEntryAssembly()?.GetType(typeName);
        method = methodName is null ? null : spec?.GetMethod(methodName);
        if (method is not null) return null;
        return typeName is null
            ? "This program is the nodes of a multi-node test, which dotnet test starts. Nothing was run."
            : $"There is no test {typeName}.{methodName} in this assembly. Nothing was run.";
    }

    private static async Task Play(Type spec, MethodInfo method)
    {
        object instance = Unwrapped(() => Activator.CreateInstance(spec)!);
        if (Unwrapped(() => method.Invoke(instance, null)) is Task task) await task;
        // Not in a finally: a node that failed does not wait for the others, as an orderly end would.
        if (instance is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
        else if (instance is IDisposable disposable) disposable.Dispose();
    }

    private static T Unwrapped<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (TargetInvocationException error) when (error.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }

    // The parent never writes: the end of its pipe is its own end, however it came.
    private static void EndWithParent()
    {
        Thread watch = new(() =>
        {
            while (Console.In.Read() >= 0)
            {
                // Nothing is said here.
            }
            Process.GetCurrentProcess().Kill();
        })
        {
            IsBackground = true,
            Name = "parent-watch",
        };
        watch.Start();
    }
}
