using Akka.Coordination;

namespace Akka.MultiNode.Tests.Specs;

/// <summary>A lease for the processes of one machine: a file in the <c>directory</c> of its section, that one of them can
/// create. It does not time out.</summary>
public sealed class FileLease(LeaseSettings settings) : Lease(settings)
{
    private string Place => Path.Combine(Settings.LeaseConfig.GetString("directory"), Settings.LeaseName);

    public override async Task<bool> Acquire()
    {
        // Written aside and then moved to its place: nobody finds a file without its owner's name.
        string own = $"{Place}.{Settings.OwnerName.Replace(':', '-')}";
        await File.WriteAllTextAsync(own, Settings.OwnerName);
        try
        {
            File.Move(own, Place, overwrite: false);
        }
        catch (IOException) when (File.Exists(Place))
        {
        }

        return CheckLease();
    }

    public override Task<bool> Acquire(Action<Exception?> leaseLostCallback) => Acquire();

    public override Task<bool> Release()
    {
        if (CheckLease()) File.Delete(Place);
        return Task.FromResult(true);
    }

    public override bool CheckLease() => File.Exists(Place) && File.ReadAllText(Place) == Settings.OwnerName;
}
