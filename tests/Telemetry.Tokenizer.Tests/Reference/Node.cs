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
        using var input = new MemoryStream();
        byte[] length = new byte[sizeof(int)];
        foreach (byte[] text in texts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            input.Write(length);
            input.Write(text);
        }

        byte[] output = await RunAsync("tiktoken.mjs", [encoding.Name, allowSpecial ? "special" : "ordinary"], input.ToArray());
        var tokens = new List<int[]>(texts.Count);
        for (int at = 0; at < output.Length;)
        {
            int count = BinaryPrimitives.ReadInt32LittleEndian(output.AsSpan(at));
            at += sizeof(int);
            tokens.Add(MemoryMarshal.Cast<byte, int>(output.AsSpan(at, count * sizeof(int))).ToArray());
            at += count * sizeof(int);
        }

        Assert.Equal(texts.Count, tokens.Count);
        return tokens;
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
}
