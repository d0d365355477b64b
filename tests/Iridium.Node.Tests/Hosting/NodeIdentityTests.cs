using Iridium.Node.Cli;
using Iridium.Node.Hosting;

namespace Iridium.Node.Tests.Hosting;

public sealed class NodeIdentityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _made;

    public void Dispose() => _folder.Dispose();

    private NodeIdentity Claim() => NodeIdentity.Claim(_folder.Path, () => $"id-{++_made}");

    [Fact]
    public void An_id_is_made_once_and_found_again()
    {
        using (NodeIdentity first = Claim()) Assert.Equal("id-1", first.Id);
        using (NodeIdentity again = Claim()) Assert.Equal("id-1", again.Id);
        Assert.Equal("id-1\n", File.ReadAllText(_folder.File(".node_id")));
    }

    [Fact]
    public void Nodes_that_share_a_directory_never_share_an_id_and_each_finds_its_own_again()
    {
        using (NodeIdentity first = Claim())
        using (NodeIdentity second = Claim())
        using (NodeIdentity third = Claim())
        {
            Assert.Equal(["id-1", "id-2", "id-3"], [first.Id, second.Id, third.Id]);
        }
        using NodeIdentity one = Claim();
        using NodeIdentity two = Claim();
        Assert.Equal(["id-1", "id-2"], [one.Id, two.Id]);
    }

    [Fact]
    public void A_file_that_holds_something_else_is_an_error_and_left_alone()
    {
        _folder.File(".node_id", "not an id at all!");
        UserErrorException wrong = Assert.Throws<UserErrorException>(Claim);
        Assert.Equal(ExitCode.NotStarted, wrong.Code);
        Assert.Equal("not an id at all!", File.ReadAllText(_folder.File(".node_id")));
    }

    [Fact]
    public void A_directory_that_was_asked_for_must_be_usable()
    {
        string file = _folder.File("file", "");
        NodeLaunch launch = new() { DataRoot = Path.Combine(file, "below"), DataRootIsAsked = true };
        Assert.Equal(ExitCode.NotStarted,
            Assert.Throws<UserErrorException>(() => DataDirectory.Open(launch, _ => null)).Code);
    }

    [Fact]
    public void The_default_directory_gives_way_to_the_users_own_and_that_is_told()
    {
        string file = _folder.File("file", "");
        NodeLaunch launch = new() { DataRoot = Path.Combine(file, "below") };
        DataDirectory chosen = DataDirectory.Open(launch, name => name == "HOME" ? _folder.Path : null);
        Assert.Equal(Path.Combine(_folder.Path, ".local/state/iridium"), chosen.Path);
        Assert.Contains("is not writable", chosen.Note);
        Assert.True(Directory.Exists(chosen.Path));
    }
}
