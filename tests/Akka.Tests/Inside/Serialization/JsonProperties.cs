using System.Text;
using Akka.Actor;
using Akka.Serialization;
using FsCheck;
using FsCheck.Fluent;

namespace Akka.Tests.Inside.Serialization;

/// <summary>Whatever is written is read again; whatever is read that nobody wrote is an error of a known
/// kind.</summary>
public sealed class JsonProperties : Akka.TestKit.Xunit2.TestKit
{
    public sealed record Sample(
        string? Text, int Number, long Big, double Half, decimal Money, bool Yes, Guid Id, List<int>? Numbers,
        Dictionary<string, string>? Map, object? Any, Sample? Inner);

    private static readonly Gen<string?> Texts = ArbMap.Default.GeneratorFor<string?>();

    private static Gen<Sample> Samples(int depth) =>
        from text in Texts
        from number in ArbMap.Default.GeneratorFor<int>()
        from big in ArbMap.Default.GeneratorFor<long>()
        from half in ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite)
        from money in ArbMap.Default.GeneratorFor<decimal>()
        from id in ArbMap.Default.GeneratorFor<Guid>()
        from numbers in ArbMap.Default.GeneratorFor<int>().ListOf(3)
        from keys in Gen.Elements("a", "b", "$x", "", "é").ListOf(2)
        from any in Gen.OneOf(
            Texts.Select(value => (object?)value), ArbMap.Default.GeneratorFor<int>().Select(value => (object?)value),
            ArbMap.Default.GeneratorFor<long>().Select(value => (object?)value), Gen.Constant((object?)true))
        from inner in depth == 0 ? Gen.Constant<Sample?>(null) : Samples(depth - 1).Select(value => (Sample?)value)
        select new Sample(text, number, big, half, money, number > 0, id, [.. numbers],
            keys.Distinct().ToDictionary(key => key, key => key + text), any, inner);

    private Serializer Json => Sys.Serialization.GetSerializerById(1);

    [Fact]
    public void What_is_written_is_read_again() => Prop.ForAll(Samples(2).ToArbitrary(), sample =>
    {
        byte[] bytes = Json.ToBinary(sample);
        var again = (Sample)Json.FromBinary(bytes, null)!;
        return Json.ToBinary(again).AsSpan().SequenceEqual(bytes) && Same(sample, again);
    }).QuickCheckThrowOnFailure();

    private static bool Same(Sample a, Sample b) =>
        a with { Numbers = null, Map = null, Inner = null } == b with { Numbers = null, Map = null, Inner = null } &&
        a.Numbers!.SequenceEqual(b.Numbers!) && a.Map!.OrderBy(e => e.Key).SequenceEqual(b.Map!.OrderBy(e => e.Key)) &&
        (a.Inner is null ? b.Inner is null : b.Inner is not null && Same(a.Inner, b.Inner));

    [Fact]
    public void Damaged_bytes_are_a_serialization_error_or_another_message() => Prop.ForAll(
        (from sample in Samples(1)
         from places in Gen.Choose(0, int.MaxValue).ListOf(3)
         from values in Gen.OneOf(
             Gen.Choose(0, 255), Gen.Elements("{}[]\",:$0aI-".Select(c => (int)c).ToArray())).ListOf(3)
         select (sample, places, values)).ToArbitrary(), damage =>
        {
            byte[] bytes = Json.ToBinary(damage.sample);
            foreach ((int place, int value) in damage.places.Zip(damage.values)) bytes[place % bytes.Length] = (
                byte)value;
            try
            {
                _ = Sys.Serialization.Deserialize(bytes, 1, "");
            }
            catch (System.Runtime.Serialization.SerializationException)
            {
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Texts_survive_the_primitive_serializer() => Prop.ForAll(Texts.ToArbitrary(), text =>
    {
        // A lone half of a surrogate pair is no text that UTF-8 can write.
        string sound = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
        Serializer serializer = Sys.Serialization.FindSerializerFor(sound);
        string manifest = Akka.Serialization.Serialization.ManifestFor(serializer, sound);
        return sound.Equals(Sys.Serialization.Deserialize(serializer.ToBinary(sound), serializer.Identifier, manifest));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_stranger_s_bytes_are_a_serialization_error_for_every_serializer_and_manifest() => Prop.ForAll(
        (from bytes in ArbMap.Default.GeneratorFor<byte[]>()
         from id in Gen.Elements(0, 1, 2, 4, 17, 22, -5, int.MaxValue)
         from manifest in Gen.Elements("", "S", "I", "System.Int32", "No.Such, Type", "[[", ",")
         select (bytes, id, manifest)).ToArbitrary(), input =>
        {
            try
            {
                _ = Sys.Serialization.Deserialize(input.bytes ?? [], input.id, input.manifest);
            }
            catch (System.Runtime.Serialization.SerializationException)
            {
            }

            return true;
        }).QuickCheckThrowOnFailure();
}
