using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Telemetry.Tokenizer.Tests.Reference;

/// <summary>The npm package tiktoken in a node process.</summary>
internal static class Node
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    /// <summary>The tokens that tiktoken gives each text.</summary>
    public static async Task<List<int[]>> EncodeAsync(BytePairEncoding encoding, List<byte[]> texts, bool allowSpecial = false)
    {
        byte[] output = await RunAsync("tiktoken.mjs", [encoding.Name, allowSpecial ? "special" : "ordinary"], Joined(texts));
        var tokens = new List<int[]>(texts.Count);
        for (int at = 0; at < output.Length;)
        {
            tokens.Add(TakeNumbers(output, ref at));
        }

        Assert.Equal(texts.Count, tokens.Count);
        return tokens;
    }

    /// <summary>Texts and the lengths of the pieces into which the published expression splits them.</summary>
    public static async Task<List<(byte[] Text, int[] Pieces)>> SplitAsync(BytePairEncoding encoding, List<byte[]> texts)
    {
        byte[] output = await RunAsync("splits.mjs", [encoding.Name], Joined(texts));
        var splits = new List<(byte[] Text, int[] Pieces)>(texts.Count);
        for (int at = 0; at < output.Length;)
        {
            int length = TakeNumber(output, ref at);
            byte[] text = output[at..(at + length)];
            at += length;
            splits.Add((text, TakeNumbers(output, ref at)));
        }

        Assert.Equal(texts.Count, splits.Count);
        return splits;
    }

    /// <summary>Runs a script of this folder with the names of an input file, where there is one, and of an output file as last arguments.</summary>
    public static async Task<byte[]> RunAsync(string script, IEnumerable<string> arguments, byte[]? input = null)
    {
        string folder = Directory.CreateTempSubdirectory("tokenizer-").FullName;
        try
        {
            string inputFile = Path.Combine(folder, "in");
            string outputFile = Path.Combine(folder, "out");
            var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "Reference", script), .. arguments]) { RedirectStandardError = true };
            if (input is not null)
            {
                await File.WriteAllBytesAsync(inputFile, input, TestContext.Current.CancellationToken);
                start.ArgumentList.Add(inputFile);
            }

            start.ArgumentList.Add(outputFile);
            using Process node = Process.Start(start)!;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(Bound);
            string errors = await node.StandardError.ReadToEndAsync(limit.Token);
            await node.WaitForExitAsync(limit.Token);
            Assert.True(node.ExitCode == 0, errors);
            return await File.ReadAllBytesAsync(outputFile, limit.Token);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Joined(List<byte[]> texts)
    {
        using var joined = new MemoryStream();
        byte[] length = new byte[sizeof(int)];
        foreach (byte[] text in texts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            joined.Write(length);
            joined.Write(text);
        }

        return joined.ToArray();
    }

    private static int TakeNumber(byte[] output, ref int at)
    {
        int number = BinaryPrimitives.ReadInt32LittleEndian(output.AsSpan(at));
        at += sizeof(int);
        return number;
    }

    private static int[] TakeNumbers(byte[] output, ref int at)
    {
        int count = TakeNumber(output, ref at);
        int[] numbers = MemoryMarshal.Cast<byte, int>(output.AsSpan(at, count * sizeof(int))).ToArray();
        at += count * sizeof(int);
        return numbers;
    }
}
