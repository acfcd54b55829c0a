namespace Telemetry.Fuzz.Mutation;

/// <summary>Random numbers that are the same in every version and on every machine (SplitMix64).</summary>
internal sealed class FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 random bits.</summary>
    public ulong Next64()
    {
        _state += 0x9E37_79B9_7F4A_7C15;
        return Scatter(_state);
    }

    /// <summary>A number from 0 below the bound, which is at least 1.</summary>
    public int Next(int bound) => (int)(((Next64() >> 32) * (ulong)bound) >> 32);

    /// <summary>True once in that many times.</summary>
    public bool OneIn(int times) => Next(times) == 0;

    /// <summary>One of the items.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    /// <summary>A small number, where each is half as probable as the one before.</summary>
    public int Few(int most)
    {
        int few = 0;
        while (few < most && OneIn(2))
        {
            few++;
        }

        return few;
    }

    /// <summary>Starts anew for one input of a run.</summary>
    public void Restart(ulong runSeed, ulong index) => _state = Scatter(runSeed ^ Scatter(index + 1));

    private static ulong Scatter(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
