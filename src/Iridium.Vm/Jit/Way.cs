namespace Iridium.Vm.Jit;

/// <summary>A way through a function, as it is written once more at a call.</summary>
internal abstract record Way
{
    /// <summary>What the longest way from here to an end costs.</summary>
    public int Fuel { get; private init; }

    /// <summary>How many words are written.</summary>
    public int Words { get; private init; }

    /// <summary>The most slots above the depth at the outermost call.</summary>
    public int Grown { get; private init; }

    /// <summary>The most slots below it.</summary>
    public int Dipped { get; private init; }

    /// <summary>How many slots all the returns drop; null if none returns.</summary>
    public int? Dropped { get; private init; }

    /// <summary>An instruction, then the rest.</summary>
    public sealed record Step(int Index, Way Next) : Way
    {
        public static Step Of(int index, int words, StackPicture after, int dipped, Way next) => new(index, next)
        {
            Fuel = words + next.Fuel, Words = words + next.Words, Grown = Math.Max(after.Count, next.Grown),
            Dipped = Math.Max(dipped, next.Dipped), Dropped = next.Dropped,
        };
    }

    /// <summary>A jump that is taken or not; the compare before it, or the jump again if there is none.</summary>
    public sealed record Fork(int Compare, int Jump, Way Taken, Way Not) : Way
    {
        /// <returns>Null if the two return differently.</returns>
        public static Fork? Of(int compare, int jump, Way taken, Way not)
        {
            if (taken.Dropped is { } one && not.Dropped is { } other && one != other) return null;
            int words = compare == jump ? 1 : 2;
            return new(compare, jump, taken, not)
            {
                Fuel = words + Math.Max(taken.Fuel, not.Fuel), Words = words + taken.Words + not.Words,
                Grown = Math.Max(taken.Grown, not.Grown), Dipped = Math.Max(taken.Dipped, not.Dipped),
                Dropped = taken.Dropped ?? not.Dropped,
            };
        }
    }

    /// <summary>Another function, and what follows when it has returned.</summary>
    public sealed record Call(int Index, Way Function, Way After) : Way
    {
        public static Call Of(int index, Way function, Way after) => new(index, function, after)
        {
            Fuel = 1 + function.Fuel + after.Fuel, Words = 1 + function.Words + after.Words,
            Grown = Math.Max(function.Grown, after.Grown), Dipped = Math.Max(function.Dipped, after.Dipped),
            Dropped = after.Dropped,
        };
    }

    /// <summary>The function returns.</summary>
    public sealed record Back : Way
    {
        public static Back Of(int dropped, int dipped) =>
            new() { Fuel = 1, Words = 1, Dropped = dropped, Dipped = dipped };
    }

    /// <summary>Too far: what was only pictured is made, and it goes on where the function is written.</summary>
    public sealed record Cut(int Index) : Way
    {
        public static Cut Of(int index, StackPicture stack) => new(index) { Grown = stack.Count };
    }
}
