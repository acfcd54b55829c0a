using System.Text;
using Telemetry.Access.Accounts;

namespace Telemetry.CommandLine.Accounts;

/// <summary>Reads a password from standard input, so that it stands in no process list and no shell history; on a terminal it is not shown.</summary>
internal static class PasswordInput
{
    public static string Read(TextWriter prompt)
    {
        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine() ?? "";
        }

        prompt.Write("Password: ");
        string first = ReadHidden();
        prompt.Write("\nAgain: ");
        string second = ReadHidden();
        prompt.WriteLine();
        return first == second ? first : throw new AccessFileException("the two passwords differ");
    }

    private static string ReadHidden()
    {
        var password = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                password.Length = Math.Max(0, password.Length - 1);
            }
            else if (key.KeyChar != 0)
            {
                password.Append(key.KeyChar);
            }
        }

        return password.ToString();
    }
}
