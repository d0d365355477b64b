using Akka.Configuration;
using Iridium.Actors.Configuration;
using Iridium.Actors.Node;
using Iridium.Actors.Repl;
using Iridium.Actors.Vm;

namespace Iridium.Actors.Tests.Configuration;

public sealed class SettingsTests
{
    private static readonly Config Named = "iridium.node.alias = node1";

    [Fact]
    public void The_reference_says_what_the_code_assumes()
    {
        var vm = new VmSettings();
        Assert.Equal(vm, VmSettings.From(Named) with { Engine = vm.Engine });
        Assert.Equal(new NodeSettings { Alias = "node1" }, NodeSettings.From(Named));
        ReplSettings repl = ReplSettings.From(Named);
        var expected = new ReplSettings { Alias = "node1", Machine = vm, JoinTimeout = TimeSpan.FromSeconds(13) };
        Assert.Equal(expected, repl with { Machine = vm });
    }

    [Theory]
    [InlineData("iridium.vm.slice-fuel = 0", "iridium.vm.slice-fuel is 0, but must be a whole number of at least 1.")]
    [InlineData("iridium.vm.max-heap-bytes = 1", "iridium.vm.max-heap-bytes is 1, but must be a whole number of at")]
    [InlineData("iridium.vm.output.piece = 100000", "iridium.vm.output.piece is 100000, but must be at most 32768.")]
    [InlineData("iridium.vm.restart.within = 0s", "iridium.vm.restart.within is 0s, but must be a time above zero")]
    [InlineData("iridium.node.max-processes = -1", "iridium.node.max-processes is -1, but must be a whole number")]
    [InlineData("iridium.node.alias = \"a b\"", "iridium.node.alias is `a b`, but must be 1 to 64 of")]
    [InlineData("iridium.shell.patience = 0", "iridium.shell.patience is 0, but must be a time above zero")]
    public void A_value_that_makes_no_sense_is_named(string hocon, string message)
    {
        Config config = ConfigurationFactory.ParseString(hocon).WithFallback(Named);
        var failure = Assert.Throws<ConfigurationException>(() =>
        {
            _ = VmSettings.From(config);
            _ = NodeSettings.From(config);
            _ = ReplSettings.From(config);
        });
        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_compiler_is_switched_off_by_a_word()
    {
        Assert.True(VmSettings.From(Named).UsesJit);
        Assert.False(VmSettings.From(Named.WithFallback("iridium.vm.jit = off")).UsesJit);
    }
}
