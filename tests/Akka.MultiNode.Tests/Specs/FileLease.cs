using System.Text;
using Akka.Coordination;

namespace Akka.MultiNode.Tests.Specs;

/// <summary>A lease for the processes of one machine: a file in the <c>directory</c> of its section, that one of them can
/// create. It does not time out.</summary>
public sealed class FileLease(LeaseSettings settings) : Lease(settings)
{
    private string Place => Path.Combine(Settings.LeaseConfig.GetString("directory"), Settings.LeaseName);

    public override async Task<bool> Acquire()
    {
        try
        {
            // Only one can create it. Until the name is written it is nobody's.
            await using var file = new FileStream(Place, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            await file.WriteAsync(Encoding.UTF8.GetBytes(Settings.OwnerName));
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

    public override bool CheckLease()
    {
        try
        {
            using var reader = new StreamReader(
                new FileStream(Place, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            return reader.ReadToEnd() == Settings.OwnerName;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
