using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Tests.Specs;
using static Akka.Remote.Tests.Specs.RemotePair;

namespace Akka.Remote.Tests.Inside;

public sealed class WireLogTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iridium-wire-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_passes_is_written_in_readable_form()
    {
        string file = Path.Combine(_folder.FullName, "wire.log");
        Address address, here;
        using (RemotePair pair = new($"akka.remote.wire-log = \"{file}\""))
        {
            address = AddressOf(pair.There);
            here = AddressOf(pair.Here);
            pair.There.ActorOf(Props.Create<Echo>(), "echo");
            await pair.Select("/user/echo").Ask<string>("hello", Patience);
        }
        string log = await File.ReadAllTextAsync(Path.Combine(_folder.FullName, $"wire-{here.Port}.log"));
        Assert.Contains($" -> {address}  Associate Pair@127.0.0.1:{here.Port} (tcp), uid ", log,
            StringComparison.Ordinal);
        string told = "[user/echo] 17:System.String, System.Private.CoreLib";
        Assert.Contains($" -> {address}  {told} to {address}/ from {here}/temp/", log, StringComparison.Ordinal);
        Assert.Contains($"<- {address}  17:System.String, System.Private.CoreLib to {here}/temp/", log,
            StringComparison.Ordinal);
        Assert.Contains(", 5 bytes", log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_refused_by_name()
    {
        string nowhere = Path.Combine(_folder.FullName, "no", "such", "wire.log");
        Exception error = Assert.ThrowsAny<Exception>(() => new RemotePair($"akka.remote.wire-log = \"{nowhere}\""));
        Assert.IsType<ConfigurationException>(error);
        Assert.Contains("akka.remote.wire-log", error.Message, StringComparison.Ordinal);
    }
}
