namespace Iridium.Benchmarks.Vm;

/// <summary>The five workloads in WebAssembly.</summary>
internal static class WasmPrograms
{
    public static readonly IReadOnlyDictionary<string, WasmFunction[]> All = new Dictionary<string, WasmFunction[]>
    {
        ["count"] =
        [
            new(0, 1, 0, """
                loop
                    get 0 i32 1 add tee 0 i32 100000000 ne br_if 0
                end
                get 0 to_f64
                """),
        ],
        // Locals as the letters in C: a b c d e f g i.
        ["arithmetic"] =
        [
            new(0, 8, 0, """
                i32 12345 set 0 i32 6789 set 1 i32 1103515245 set 3 i32 16777215 set 5
                loop
                    get 0 get 1 add set 2
                    get 2 get 3 mul set 0
                    get 0 get 1 xor i32 3 shr set 4
                    get 2 get 4 sub set 1
                    get 1 get 5 and set 6
                    get 6 get 3 or set 1
                    get 7 i32 1 add tee 7 i32 20000000 ne br_if 0
                end
                get 0 get 1 add to_f64
                """),
        ],
        ["fib"] =
        [
            new(0, 0, 0, "i32 32 call 1 to_f64"),
            new(1, 0, 0, """
                get 0 i32 2 lt
                if:i32
                    get 0
                else
                    get 0 i32 1 sub call 1
                    get 0 i32 2 sub call 1
                    add
                end
                """),
        ],
        // Locals: round, count, number (or address, while clearing), address of a multiple, bytes to the next one.
        ["sieve"] =
        [
            new(0, 5, 0, """
                loop
                    i32 0 set 1
                    i32 0 set 2
                    loop
                        get 2 i32 0 store
                        get 2 i32 4 add tee 2 i32 400004 lt br_if 0
                    end
                    i32 2 set 2
                    loop
                        block
                            get 2 i32 2 shl tee 4 load i32 1 eq br_if 0
                            get 1 i32 1 add set 1
                            get 4 get 4 add tee 3 i32 400004 ge br_if 0
                            loop
                                get 3 i32 1 store
                                get 3 get 4 add tee 3 i32 400004 lt br_if 0
                            end
                        end
                        get 2 i32 1 add tee 2 i32 100000 le br_if 0
                    end
                    get 0 i32 1 add tee 0 i32 20 lt br_if 0
                end
                get 1 to_f64
                """),
        ],
        // Locals: counter, sum, denominator, numerator.
        ["leibniz"] =
        [
            new(0, 1, 3, """
                i32 20000000 set 0 f64 1 set 2 f64 4 set 3
                loop
                    get 1 get 3 get 2 f.div f.add set 1
                    get 2 f64 2 f.add set 2
                    f64 0 get 3 f.sub set 3
                    get 0 i32 1 sub tee 0 i32 0 gt br_if 0
                end
                get 1
                """),
        ],
    };
}
