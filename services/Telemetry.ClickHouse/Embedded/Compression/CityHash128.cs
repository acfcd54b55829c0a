using System.Buffers.Binary;
using System.Numerics;

namespace Telemetry.ClickHouse.Embedded.Compression;

/// <summary>
/// CityHash128 of version 1.0.2, the checksum of ClickHouse's compressed frames (later versions of CityHash give other values). Constants and
/// mixing steps are those of the published algorithm.
/// </summary>
internal static class CityHash128
{
    private const ulong K0 = 0xc3a5c85c97cb3127;
    private const ulong K1 = 0xb492b66fbe98f273;
    private const ulong K2 = 0x9ae16a3b2f90404f;
    private const ulong K3 = 0xc949d7c7509e6557;
    private const ulong Multiplier = 0x9ddfea08eb382d69;

    internal static (ulong Low, ulong High) Hash(ReadOnlySpan<byte> data)
    {
        if (data.Length >= 16)
        {
            return WithSeed(data[16..], Fetch64(data, 0) ^ K3, Fetch64(data, 8));
        }

        return data.Length >= 8
            ? WithSeed([], Fetch64(data, 0) ^ ((ulong)data.Length * K0), Fetch64(data, data.Length - 8) ^ K1)
            : WithSeed(data, K0, K1);
    }

    private static (ulong Low, ulong High) WithSeed(ReadOnlySpan<byte> s, ulong low, ulong high)
    {
        if (s.Length < 128)
        {
            return Short(s, low, high);
        }

        var state = new State(s, low, high);
        int position = 0;
        for (; s.Length - position >= 128; position += 128)
        {
            state.Round(s, position);
            state.Round(s, position + 64);
        }

        return state.Finish(s, s.Length - position);
    }

    private static (ulong Low, ulong High) Short(ReadOnlySpan<byte> s, ulong a, ulong b)
    {
        ulong length = (ulong)s.Length;
        ulong c;
        ulong d;
        if (s.Length <= 16)
        {
            a = Shift(a * K1) * K1;
            c = (b * K1) + UpTo16(s);
            d = Shift(a + (s.Length >= 8 ? Fetch64(s, 0) : c));
        }
        else
        {
            c = Mix(Fetch64(s, s.Length - 8) + K1, a);
            d = Mix(b + length, c + Fetch64(s, s.Length - 16));
            a += d;
            int position = 0;
            for (int left = s.Length - 16; left > 0; left -= 16, position += 16)
            {
                a = (a ^ (Shift(Fetch64(s, position) * K1) * K1)) * K1;
                b ^= a;
                c = (c ^ (Shift(Fetch64(s, position + 8) * K1) * K1)) * K1;
                d ^= c;
            }
        }

        a = Mix(a, c);
        b = Mix(d, b);
        return (a ^ b, Mix(b, a));
    }

    private static ulong UpTo16(ReadOnlySpan<byte> s)
    {
        int length = s.Length;
        if (length > 8)
        {
            ulong a = Fetch64(s, 0);
            ulong b = Fetch64(s, length - 8);
            return Mix(a, BitOperations.RotateRight(b + (ulong)length, length)) ^ b;
        }

        if (length >= 4)
        {
            return Mix((ulong)length + ((ulong)Fetch32(s, 0) << 3), Fetch32(s, length - 4));
        }

        if (length == 0)
        {
            return K2;
        }

        uint y = s[0] + ((uint)s[length >> 1] << 8);
        uint z = (uint)length + ((uint)s[length - 1] << 2);
        return Shift((y * K2) ^ (z * K3)) * K2;
    }

    private static ulong Mix(ulong low, ulong high)
    {
        ulong a = (low ^ high) * Multiplier;
        a ^= a >> 47;
        ulong b = (high ^ a) * Multiplier;
        b ^= b >> 47;
        return b * Multiplier;
    }

    private static ulong Shift(ulong value) => value ^ (value >> 47);

    private static ulong Fetch64(ReadOnlySpan<byte> s, int position) => BinaryPrimitives.ReadUInt64LittleEndian(s[position..]);

    private static uint Fetch32(ReadOnlySpan<byte> s, int position) => BinaryPrimitives.ReadUInt32LittleEndian(s[position..]);

    private struct State
    {
        private ulong _x;
        private ulong _y;
        private ulong _z;
        private ulong _v1;
        private ulong _v2;
        private ulong _w1;
        private ulong _w2;

        internal State(ReadOnlySpan<byte> s, ulong low, ulong high)
        {
            _x = low;
            _y = high;
            _z = (ulong)s.Length * K1;
            _v1 = (BitOperations.RotateRight(_y ^ K1, 49) * K1) + Fetch64(s, 0);
            _v2 = (BitOperations.RotateRight(_v1, 42) * K1) + Fetch64(s, 8);
            _w1 = (BitOperations.RotateRight(_y + _z, 35) * K1) + _x;
            _w2 = BitOperations.RotateRight(_x + Fetch64(s, 88), 53) * K1;
        }

        internal void Round(ReadOnlySpan<byte> s, int p)
        {
            _x = BitOperations.RotateRight(_x + _y + _v1 + Fetch64(s, p + 16), 37) * K1;
            _y = BitOperations.RotateRight(_y + _v2 + Fetch64(s, p + 48), 42) * K1;
            _x ^= _w2;
            _y ^= _v1;
            _z = BitOperations.RotateRight(_z ^ _w1, 33);
            (_v1, _v2) = Weak(s, p, _v2 * K1, _x + _w1);
            (_w1, _w2) = Weak(s, p + 32, _z + _w2, _y);
            (_z, _x) = (_x, _z);
        }

        internal (ulong Low, ulong High) Finish(ReadOnlySpan<byte> s, int left)
        {
            _y += (BitOperations.RotateRight(_w1, 37) * K0) + _z;
            _x += BitOperations.RotateRight(_v1 + _z, 49) * K0;
            for (int done = 0; done < left;)
            {
                done += 32;
                _y = (BitOperations.RotateRight(_y - _x, 42) * K0) + _v2;
                _w1 += Fetch64(s, s.Length - done + 16);
                _x = (BitOperations.RotateRight(_x, 49) * K0) + _w1;
                _w1 += _v1;
                (_v1, _v2) = Weak(s, s.Length - done, _v1, _v2);
            }

            _x = Mix(_x, _v1);
            _y = Mix(_y, _w1);
            return (Mix(_x + _v2, _w2) + _y, Mix(_x + _w2, _y + _v2));
        }

        private static (ulong First, ulong Second) Weak(ReadOnlySpan<byte> s, int p, ulong a, ulong b)
        {
            a += Fetch64(s, p);
            b = BitOperations.RotateRight(b + a + Fetch64(s, p + 24), 21);
            ulong c = a;
            a += Fetch64(s, p + 8) + Fetch64(s, p + 16);
            b += BitOperations.RotateRight(a, 44);
            return (a + Fetch64(s, p + 24), b + c);
        }
    }
}
