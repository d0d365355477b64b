using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Akka.Tests.Inside.Configuration;

/// <summary>The engine's own defaults.</summary>
public sealed class ReferenceTests
{
    private static IEnumerable<(string Path, string Text)> Texts(HoconValue value, string path) => value.Content switch
    {
        string text => [(path, text)],
        HoconObject node => node.Items.SelectMany(field => Texts(field.Value, $"{path}.{field.Key}"))
            .Concat(node.Items.Keys.Select(key => (path, key))),
        HoconValue[] items => items.SelectMany(item => Texts(item, path)),
        _ => [],
    };

    [Fact]
    public void Every_type_that_the_reference_names_exists()
    {
        // As the engine looks them up: a name without an assembly is one of the engine's own or of the framework's.
        string[] missing = [.. Texts(ConfigurationFactory.Default().Root, "")
            .Where(entry => entry.Text.StartsWith("Akka.", StringComparison.Ordinal) ||
                entry.Text.StartsWith("System.", StringComparison.Ordinal))
            .Where(entry => Type.GetType(entry.Text) is null && typeof(Config).Assembly.GetType(entry.Text) is null)
            .Select(entry => $"{entry.Path} = {entry.Text}")];
        Assert.Empty(missing);
    }

    [Fact]
    public void It_is_parsed_once() => Assert.Same(ConfigurationFactory.Default(), ConfigurationFactory.Default());

    [Fact]
    public void A_resource_that_is_not_there_is_an_error_that_lists_what_is()
    {
        var error = Assert.Throws<ConfigurationException>(
            () => ConfigurationFactory.FromResource<Config>("Akka.refrence.conf"));
        Assert.Contains("Akka.reference.conf", error.Message, StringComparison.Ordinal);
    }
}
