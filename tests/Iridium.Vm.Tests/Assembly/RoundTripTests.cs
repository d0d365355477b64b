using FsCheck;
using FsCheck.Fluent;
using Iridium.Vm.Assembly;
using Iridium.Vm.Image;
using Iridium.Vm.Isa;

namespace Iridium.Vm.Tests.Assembly;

/// <summary>Text and bytes say the same, in both directions.</summary>
public sealed class RoundTripTests
{
    private static readonly Gen<byte[]> AnyBytes = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();

    /// <summary>Mostly real instructions, with operands that often fit.</summary>
    private static readonly Gen<byte[]> LikelyWord =
        from row in Gen.Elements(InstructionSet.Table.ToArray())
        from a in Gen.Choose(0, 40)
        from b in Gen.Choose(0, 40)
        from c in Gen.Frequency((3, Gen.Choose(0, 40)), (1, Gen.Choose(0, 255)))
        select new[] { (byte)row.Opcode, (byte)a, (byte)b, (byte)c };

    private static readonly Gen<byte[]> AnyWord = Gen.Frequency(
        (4, LikelyWord), (1, Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(4)));

    [Fact]
    public void Any_bytes_survive_disassembly()
    {
        Gen<(int Version, byte[] Data, byte[][] Words)> images =
            from version in Gen.Choose(0, InstructionSet.NewestVersion)
            from data in AnyBytes
            from words in AnyWord.ArrayOf()
            select (version, data, words);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(images.ToArbitrary(), image =>
        {
            byte[] code = [.. image.Words.SelectMany(word => word)];
            VerifiedImage verified = VerifiedImage.Create(image.Version, image.Data, code, []);
            AssemblyResult again = Assembler.Assemble(Disassembler.ToText(verified));
            Assert.True(again.Succeeded, again.ErrorText());
            Assert.Equal(verified.ToBytes(), again.Image);
        }));
    }

    [Fact]
    public void Any_text_survives_as_data()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(AnyBytes.ToArbitrary(), data =>
        {
            byte[] image = ImageFormat.Compose(0, data, []);
            string text = Disassembler.ToText(Verifier.Verify(image).Image!);
            Assert.Equal(image, Assembler.Assemble(text).Image);
        }));
    }

    /// <summary>Every row of the table: written as text, assembled, disassembled, assembled again.</summary>
    [Fact]
    public void Every_instruction_can_be_written_and_read()
    {
        foreach (Instruction row in InstructionSet.Table)
        {
            foreach (bool largest in new[] { false, true })
            {
                string operands = string.Join(' ', row.Form.Operands.Select(operand => operand.Kind switch
                {
                    OperandKind.Register or OperandKind.FloatRegister => largest ? "$31" : "$0",
                    OperandKind.Float => largest ? "#1.5e300" : "#-0.0",
                    OperandKind.CodeAddress => $"#{ImageFormat.HeaderBytes}",
                    _ => $"#{(largest ? operand.Maximum : operand.Minimum)}",
                }));
                AssemblyResult first =
                    Assembler.Assemble($".version #{row.Version}\n.data\n.code\n{row.Name} {operands}");
                Assert.True(first.Succeeded, first.ErrorText());
                Assert.Equal(ImageFormat.HeaderBytes + 4 * row.Form.Words, first.Image.Length);
                Assert.Equal((byte)row.Opcode, first.Image[ImageFormat.HeaderBytes]);
                var image = VerifiedImage.Create(row.Version, [], first.Image[ImageFormat.HeaderBytes..], []);
                Assert.StartsWith(row.Name.ToLowerInvariant(), Disassembler.ToText(image, image.CodeStart));
                Assert.Equal(first.Image, Assembler.Assemble(Disassembler.ToText(image)).Image);
            }
        }
    }

    [Fact]
    public void The_table_has_a_row_for_every_opcode_and_no_name_twice()
    {
        Assert.Equal(Enum.GetValues<Opcode>().Order(), InstructionSet.Table.Select(row => row.Opcode).Order());
        Assert.Equal(InstructionSet.Table.Count, InstructionSet.Table.Select(row => row.Name).Distinct().Count());
        Assert.All(InstructionSet.Table, row => Assert.Equal(row.Name, row.Opcode.ToString().ToUpperInvariant()));
        Assert.Equal(49, InstructionSet.Table.Count(row => row.Version == 0));
    }
}
