using Akka.Configuration;
using Akka.Configuration.Hocon;
using FsCheck;
using FsCheck.Fluent;
using Config = Akka.Configuration.Config;

namespace Akka.Tests.Inside.Configuration;

public sealed class HoconProperties
{
    /// <summary>Texts that look like syntax, beside ordinary ones.</summary>
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Elements("null", "true", "1.5", "", " ", "a b", "${x}", "\"", "\\", "a\nb", "{", "]", "#x", "include",
            "a.b", "é☃", "\"\"\""),
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""));

    private static Gen<HoconValue> Values(int depth) => depth == 0
        ? Texts.Select(text => HoconValue.Of(text))
        : Gen.OneOf(
            Texts.Select(text => HoconValue.Of(text)),
            Gen.Constant(HoconValue.Of(null)),
            Gen.Sized(_ => Values(depth - 1).ListOf(3)).Select(items => HoconValue.Of(items.ToArray())),
            Objects(depth - 1));

    private static Gen<HoconValue> Objects(int depth) =>
        from keys in Texts.ListOf(3)
        from values in Values(depth).ListOf(3)
        select HoconValue.Of(Object(keys, values));

    private static HoconObject Object(IEnumerable<string> keys, IEnumerable<HoconValue> values)
    {
        var node = new HoconObject();
        foreach ((string key, HoconValue value) in keys.Zip(values)) node.Fields[key] = value;
        return node;
    }

    [Fact]
    public void What_is_printed_parses_to_the_same() => Prop.ForAll(Objects(3).ToArbitrary(), root =>
    {
        string printed = root.ToString();
        HoconValue again = ConfigurationFactory.ParseString(printed).Root;
        return Same(root, again).Label(printed);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_text_does_anything_but_parse_or_throw_a_parser_error() =>
        Prop.ForAll(Gen.Elements(
            "a", "b", ".", "=", "{", "}", "[", "]", ",", "\n", " ", "\"", "${a}", "${?b}", "$", "+=",
            "include", "\"x\"", "#", "/", "\\", "null", "1", ":").ListOf(25).Select(string.Concat).ToArbitrary(),
                text =>
        {
            try
            {
                Config config = ConfigurationFactory.ParseString(text);
                return ConfigurationFactory.ParseString(config.ToString()).ToString() == config.ToString();
            }
            catch (HoconParserException)
            {
                return true;
            }
        }).QuickCheckThrowOnFailure();

    private static readonly string[] Keys = ["a", "b", "c", "a.b", "b.c", "c.a.b", "d"];

    private static readonly Gen<string> References =
        from key in Gen.Elements(Keys) from optional in Gen.Elements("", "?") select $"${{{optional}{key}}}";

    /// <summary>Documents that are all about substitutions, most of them tangled.</summary>
    private static Gen<string> Documents(int depth) =>
        (from key in Gen.Elements(Keys)
         from sign in Gen.Elements("=", "=", "=", "+=")
         from value in Written(depth)
         select $"{key} {sign} {value}").ListOf(3).Select(fields => string.Join(", ", fields));

    private static Gen<string> Written(int depth) => depth == 0
        ? Gen.OneOf(Gen.Constant("x"), References)
        : Gen.OneOf(
            Gen.Constant("x"), References,
                Written(depth - 1).ListOf(2).Select(items => $"[{string.Join(", ", items)}]"),
            Documents(depth - 1).Select(inner => $"{{ {inner} }}"),
            from reference in References from other in Written(depth - 1) select $"{reference} {other}",
            from reference in References from inner in Documents(depth - 1) select $"{{ {inner} }} {reference}");

    [Fact]
    public void Tangled_substitutions_are_resolved_or_refused_and_end() => Prop.ForAll(
        (from top in Documents(3) from below in Documents(2) select (top, below)).ToArbitrary(), layers =>
        {
            try
            {
                Config config = ConfigurationFactory.ParseString(layers.top)
                    .WithFallback(ConfigurationFactory.ParseString(layers.below))
                    .WithFallback(ConfigurationFactory.ParseString("d = [0]\nc { z = ${?a} }"));
                _ = config.ToString(includeFallback: false);
                string printed = config.ToString(includeFallback: true);
                return ConfigurationFactory.ParseString(printed).ToString() == printed;
            }
            catch (HoconParserException)
            {
                return true;
            }
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Fallbacks_are_associative() => Prop.ForAll(
        Objects(2).Three().ToArbitrary(), three =>
        {
            (Config a, Config b, Config c) = (
                new(new HoconRoot(three.Item1)), new(new HoconRoot(three.Item2)), new(new HoconRoot(three.Item3)));
            return a.WithFallback(b).WithFallback(c).Root.ToString() == a.WithFallback(
                b.WithFallback(c)).Root.ToString();
        }).QuickCheckThrowOnFailure();

    private static bool Same(HoconValue left, HoconValue right) => (left.Content, right.Content) switch
    {
        (null, null) => true,
        (string a, string b) => a == b,
        (HoconValue[] a, HoconValue[] b) => a.Length == b.Length && a.Zip(b).All(pair => Same(pair.First, pair.Second)),
        (HoconObject a, HoconObject b) => a.Items.Count == b.Items.Count &&
            a.Items.All(field => b.GetKey(field.Key) is { } other && Same(field.Value, other)),
        _ => false,
    };
}
