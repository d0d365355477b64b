using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Util;

namespace Akka.Cluster.Tools.Tests.Inside;

/// <summary>Where the singleton belongs.</summary>
public class OldestMemberTests
{
    [Fact]
    public void It_is_the_oldest_that_stays_and_has_the_role()
    {
        var oldest = new OldestMember("worker", considerAppVersion: false);
        oldest.See(Up(1, "1.0", "front"));
        Assert.Null(oldest.Node);
        oldest.See(Up(3, "1.0", "worker"));
        oldest.See(Up(2, "1.0", "worker"));
        Assert.Equal(2, oldest.Node!.Uid);

        Member leaves = Up(2, "1.0", "worker").Copy(MemberStatus.Leaving);
        oldest.See(leaves);
        Assert.Equal(2, oldest.Node!.Uid);
        Assert.False(oldest.IsGoing(leaves));
        Member exits = leaves.Copy(MemberStatus.Exiting);
        oldest.See(exits);
        Assert.Equal(3, oldest.Node!.Uid);
        Assert.True(oldest.IsGoing(exits));
        Assert.False(oldest.IsGoing(Up(4, "1.0", "front").Copy(MemberStatus.Down)));
    }

    [Fact]
    public void With_app_versions_it_is_the_oldest_of_the_newest()
    {
        var oldest = new OldestMember(null, considerAppVersion: true);
        oldest.See(Up(1, "1.0"));
        oldest.See(Up(3, "1.2"));
        oldest.See(Up(2, "1.2"));
        oldest.See(Up(4, "1.1"));
        Assert.Equal(2, oldest.Node!.Uid);
    }

    private static Member Up(int number, string version, params string[] roles) => Member.Create(
        new UniqueAddress(new Address("akka.tcp", "s", "127.0.0.1", 8000 + number), number), [.. roles],
        AppVersion.Create(version)).CopyUp(number);
}
