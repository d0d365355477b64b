namespace Iridium.Benchmarks.Vm;

/// <summary>The same work in Iridium and in C.</summary>
/// <param name="Source">An Iridium program that ends with the result in <c>$0</c>, or in float register 0.</param>
/// <param name="C">Body of <c>double work(void)</c>, and what it needs before it.</param>
/// <param name="CFlags">For gcc, after <c>-O2</c>.</param>
/// <param name="Target">What the compiled program must reach beside C.</param>
internal sealed record Workload(string Name, string Source, string C, string CFlags = "", string? Target = null)
{
    private const string Each = "none above 1.4; geometric mean 1.15";

    public static readonly Workload[] Five =
    [
        new("count", """
            .data
            .code
                load $1 #100000000
            again:
                inc $0
                neq $0 $1
                djmpe @again
                hlt
            """, """
            double work(void) {
                int i = 0;
                do { i++; __asm__ volatile("" : "+r"(i)); } while (i != 100000000);
                return i;
            }
            """, Target: Each),
        new("arithmetic", """
            .data
            .code
                load $1 #12345
                load $2 #6789
                load $4 #1103515245
                load $6 #16777215
                load $10 #20000000
            again:
                add $1 $2 $3
                mul $3 $4 $1
                xor $1 $2 $5
                shr $5 #3
                sub $3 $5 $2
                and $2 $6 $7
                or $7 $4 $2
                inc $9
                neq $9 $10
                djmpe @again
                add $1 $2 $0
                hlt
            """, """
            double work(void) {
                int a = 12345, b = 6789, c, d = 1103515245, e, f = 16777215, g, i = 0;
                do {
                    c = (int)((unsigned)a + b);
                    a = (int)((unsigned)c * d);
                    e = (a ^ b) >> 3;
                    b = (int)((unsigned)c - e);
                    g = b & f;
                    b = g | d;
                } while (++i != 20000000);
                return (int)((unsigned)a + b);
            }
            """, Target: Each),
        new("fib", """
            .data
            .code
                load $1 #2
                load $0 #32
                call @fib
                hlt
            fib:
                lt $0 $1
                djmpe @base
                push $0
                dec $0
                call @fib
                pop $2
                push $0
                sub $2 $1 $0
                call @fib
                pop $3
                add $0 $3 $0
            base:
                ret
            """, """
            int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
            double work(void) { return fib(32); }
            """, "-fno-inline -fno-optimize-sibling-calls", Target: Each),
        new("sieve", """
            .data
            .code
                load $5 #100000
                load $6 #400004
                aloc $6
                load $10 #1
                load $11 #4
                load $12 #0
                load $14 #20
            round:
                load $0 #0
                load $3 #0
            clear:
                setm $3 $12
                add $3 $11 $3
                lt $3 $6
                djmpe @clear
                load $1 #2
            number:
                mul $1 $11 $2
                loadm $2 $7
                eq $7 $10
                djmpe @next
                inc $0
                add $2 $2 $3
                gte $3 $6
                djmpe @next
            cross:
                setm $3 $10
                add $3 $2 $3
                lt $3 $6
                djmpe @cross
            next:
                inc $1
                lte $1 $5
                djmpe @number
                inc $13
                lt $13 $14
                djmpe @round
                hlt
            """, """
            static int sieve[100001];
            double work(void) {
                int count = 0;
                for (int round = 0; round < 20; round++) {
                    count = 0;
                    for (int i = 0; i <= 100000; i++) { sieve[i] = 0; __asm__ volatile("" : : : "memory"); }
                    for (int i = 2; i <= 100000; i++) {
                        if (sieve[i] == 1) continue;
                        count++;
                        for (int j = i + i; j <= 100000; j += i) sieve[j] = 1;
                    }
                }
                return count;
            }
            """, Target: Each),
        new("leibniz", """
            .data
            .code
                loadf64 $1 #1
                loadf64 $2 #2
                loadf64 $4 #4
                load $1 #20000000
            term:
                divf64 $4 $1 $3
                addf64 $0 $3 $0
                addf64 $1 $2 $1
                subf64 $5 $4 $4
                dec $1
                gt $1 $2
                djmpe @term
                hlt
            """, """
            double work(void) {
                double sum = 0, denominator = 1, numerator = 4;
                for (int i = 20000000; i > 0; i--) {
                    sum += numerator / denominator;
                    denominator += 2;
                    numerator = 0 - numerator;
                }
                return sum;
            }
            """, Target: Each),
    ];

    public static readonly Workload[] Real =
    [
        new("text", """
            ; Writes the numbers up to 2,000,000 as decimal text into the heap, and sums the codes of the digits.
            .data
            .code
                load $20 #10
                load $21 #64
                aloc $21
                load $1 #0              ; number
                load $2 #2000000
            number:
                mov $1 $3
                load $4 #63             ; where the next digit goes
            digit:
                div $3 $20 $5
                rem $6
                addi $6 $6 #48
                stb $4 $6 #0
                add $0 $6 $0
                dec $4
                mov $5 $3
                gt $3 $22
                gotoe @digit
                inc $1
                lt $1 $2
                gotoe @number
                hlt
            """, """
            static volatile char text[128];
            double work(void) {
                int sum = 0;
                for (int number = 0; number < 2000000; number++) {
                    int rest = number, at = 63;
                    do { int digit = rest % 10 + 48; text[at--] = digit; sum += digit; rest /= 10; } while (rest > 0);
                }
                return sum;
            }
            """),
        new("matrix", """
            ; The product of two 200 by 200 matrices of f64.
            .data
            .code
            .equ N #200
            .equ ROW #(N*8)
            .equ MATRIX #(N*ROW)
                load $0 #(3*MATRIX)
                aloc $0
                load $1 #0
                load $2 #(2*MATRIX)
                loadf64 $1 #1
                loadf64 $2 #1
            fill:
                stf $1 $1 #0
                addf64 $1 $2 $1
                addi $1 $1 #8
                lt $1 $2
                gotoe @fill
                load $3 #0              ; address of a row of the first
                load $10 #(2*MATRIX)    ; address of the result
                load $11 #MATRIX
                load $12 #ROW
            row:
                load $4 #0              ; column times eight
            column:
                loadf64 $0 #0
                mov $3 $5
                add $3 $12 $6           ; where the row ends
                add $11 $4 $7
            cell:
                ldf $5 $3 #0
                ldf $7 $4 #0
                mulf64 $3 $4 $5
                addf64 $0 $5 $0
                addi $5 $5 #8
                add $7 $12 $7
                lt $5 $6
                gotoe @cell
                stf $10 $0 #0
                addi $10 $10 #8
                addi $4 $4 #8
                lt $4 $12
                gotoe @column
                add $3 $12 $3
                lt $3 $11
                gotoe @row
                load $0 #0
                hlt
            """, """
            static double m[120000];
            double work(void) {
                for (int i = 0; i < 80000; i++) m[i] = i + 1;
                double *to = m + 80000;
                for (int row = 0; row < 200; row++)
                    for (int column = 0; column < 200; column++) {
                        double sum = 0;
                        for (int k = 0; k < 200; k++) sum += m[row * 200 + k] * m[40000 + k * 200 + column];
                        *to++ = sum;
                    }
                __asm__ volatile("" : : "r"(m) : "memory");
                return m[119999];
            }
            """),
        new("interpreter", """
            ; A machine within the machine: bytes of code, an accumulator, a counter. It counts down from 5,000,000.
            .data
            ; 0 add n to the accumulator, 1 take 1 from the counter, 2 jump to n if the counter is not 0, 3 stop
            code: .byte #0 #7 #0 #3 #1 #0 #2 #0 #3 #0
            .code
                load $1 #5000000        ; counter
                load $10 #1
                load $11 #2
                load $12 #0
            next:
                ldrb $2 $3 @code        ; opcode
                ldrb $2 $4 #1           ; operand
                addi $2 $2 #2
                eq $3 $12
                gotoe @plus
                eq $3 $10
                gotoe @minus
                eq $3 $11
                gotoe @jump
                hlt
            plus:
                add $0 $4 $0
                goto @next
            minus:
                dec $1
                goto @next
            jump:
                eq $1 $12
                gotoe @next
                mov $4 $2
                goto @next
            """, """
            static const unsigned char code[] = { 0, 7, 0, 3, 1, 0, 2, 0, 3, 0 };
            double work(void) {
                int accumulator = 0, counter = 5000000, at = 0;
                const unsigned char *program = code;
                __asm__ volatile("" : "+r"(program));
                for (;;) {
                    int op = program[at], operand = program[at + 1];
                    at += 2;
                    if (op == 0) accumulator += operand;
                    else if (op == 1) counter--;
                    else if (op == 2) { if (counter) at = operand; }
                    else return accumulator;
                }
            }
            """),
    ];
}
