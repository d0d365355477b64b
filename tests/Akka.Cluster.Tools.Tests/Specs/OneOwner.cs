using System.Collections.Concurrent;
using Akka.Coordination;

namespace Akka.Cluster.Tools.Tests.Specs;

/// <summary>A lease for one process. A test can hold it as somebody else, and take it away from its owner.</summary>
public sealed class OneOwner(LeaseSettings settings) : Lease(settings)
{
    private static readonly ConcurrentDictionary<string, (string Name, Action<Exception?>? Lost)> Owners = [];
    private static readonly ConcurrentDictionary<string, BlockingCollection<string>> Askers = [];

    // Tests run side by side; each has a section of its own.
    private string Key => Settings.LeaseConfig.GetString("key");

    public static string OwnerOf(string key) => Owners.TryGetValue(key, out var owner) ? owner.Name : "";

    /// <summary>Who wanted it, one each time.</summary>
    public static BlockingCollection<string> AskersOf(string key) => Askers.GetOrAdd(key, _ => []);

    public static void GiveTo(string key, string owner)
    {
        Owners.TryGetValue(key, out var former);
        Owners[key] = (owner, null);
        former.Lost?.Invoke(new LeaseException($"{owner} has it now"));
    }

    public static void Free(string key) => Owners.TryRemove(key, out _);

    public override Task<bool> Acquire() => Acquire(_ => { });

    public override Task<bool> Acquire(Action<Exception?> leaseLostCallback)
    {
        AskersOf(Key).Add(Settings.OwnerName);
        string owner = Owners.GetOrAdd(Key, (Settings.OwnerName, leaseLostCallback)).Name;
        return Task.FromResult(owner == Settings.OwnerName);
    }

    public override Task<bool> Release() =>
        Task.FromResult(CheckLease() && Owners.TryRemove(Key, out _));

    public override bool CheckLease() => OwnerOf(Key) == Settings.OwnerName;
}
