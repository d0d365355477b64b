namespace Iridium.Vm.Isa;

/// <summary>
/// The first byte of every instruction. 0 to 47 and 100 are image version 0 and fixed for ever; 48 to 99 came with
/// version 1. <see cref="InstructionSet"/> says what each means.
/// </summary>
public enum Opcode : byte
{
    Load = 0, Add = 1, Sub = 2, Mul = 3, Div = 4, Hlt = 5, Jmp = 6, Jmpf = 7, Jmpb = 8,
    Eq = 9, Neq = 10, Gte = 11, Lte = 12, Lt = 13, Gt = 14, Jmpe = 15, Nop = 16, Aloc = 17, Inc = 18, Dec = 19,
    Djmpe = 20, Prts = 21, Loadf64 = 22, Addf64 = 23, Subf64 = 24, Mulf64 = 25, Divf64 = 26,
    Eqf64 = 27, Neqf64 = 28, Gtf64 = 29, Gtef64 = 30, Ltf64 = 31, Ltef64 = 32,
    Shl = 33, Shr = 34, And = 35, Or = 36, Xor = 37, Not = 38, Lui = 39, Cloop = 40, Loop = 41,
    Loadm = 42, Setm = 43, Push = 44, Pop = 45, Call = 46, Ret = 47,

    Rem = 48, Mov = 49, Movf64 = 50, Loadi32 = 51, Constf64 = 52, Itof = 53, Ftoi = 54,
    Ldb = 55, Stb = 56, Ldw = 57, Stw = 58, Ldf = 59, Stf = 60,
    Goto = 61, Gotoe = 62, Gotone = 63, Callw = 64, Loopw = 65, Callr = 66,
    Lds = 67, Sts = 68, Enter = 69, Drop = 70, Retn = 71, Pushf = 72, Popf = 73,
    Mulh = 74, Mulhu = 75, Divu = 76, Ltu = 77, Gtu = 78, Shru = 79,
    Prti = 80, Prtf = 81, Prtc = 82, Prtm = 83, Readln = 84, Arg = 85, Clock = 86, Random = 87,
    Ldrb = 88, Ldrw = 89, Ldrf = 90, Heap = 91, Exit = 92, Sqrtf64 = 93, Floorf64 = 94, Negf64 = 95,
    Sete = 96, Addi = 97, Shlr = 98, Shrr = 99,

    Igl = 100,
}
