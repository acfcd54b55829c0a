using System.Net;
using Telemetry.Access.SignIn;

namespace Telemetry.Access.Tests.SignIn;

public class SignInThrottleTests
{
    private static readonly IPAddress s_attacker = IPAddress.Parse("203.0.113.9");

    private readonly HandTime _time = new();

    [Fact]
    public void Guessing_one_password_gets_some_attempts_an_hour()
    {
        var throttle = new SignInThrottle(_time);
        Assert.InRange(Attempts(throttle, TimeSpan.FromDays(1), _ => ("ann", s_attacker)), 24, 150);
    }

    [Fact]
    public void Guessing_from_many_addresses_or_at_many_names_is_slowed_down_too()
    {
        Assert.InRange(Attempts(new SignInThrottle(_time), TimeSpan.FromHours(6), i => ("ann", new IPAddress(0x0A000000 + i))), 50, 120);
        Assert.InRange(Attempts(new SignInThrottle(_time), TimeSpan.FromHours(6), i => ($"user{i}", s_attacker)), 30, 100);
        byte[] network = IPAddress.Parse("2001:db8::").GetAddressBytes();
        Assert.InRange(
            Attempts(
                new SignInThrottle(_time),
                TimeSpan.FromHours(6),
                i =>
                {
                    BitConverter.GetBytes(i).CopyTo(network, 12);
                    return ($"user{i}", new IPAddress(network));
                }),
            30,
            100);
    }

    [Fact]
    public void Whoever_knows_the_password_gets_in_elsewhere_while_it_is_being_guessed()
    {
        var throttle = new SignInThrottle(_time);
        for (int i = 0; i < 20; i++)
        {
            throttle.Begin("ann", s_attacker);
        }

        Assert.True(throttle.Begin("ann", s_attacker) > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, throttle.Begin("ann", IPAddress.Loopback));
        throttle.Succeeded("ann", IPAddress.Loopback);
    }

    [Fact]
    public void Some_typing_errors_cost_nothing_and_a_right_password_forgets_them()
    {
        var throttle = new SignInThrottle(_time);
        for (int day = 0; day < 50; day++)
        {
            for (int i = 0; i < 5; i++)
            {
                Assert.Equal(TimeSpan.Zero, throttle.Begin("ann", IPAddress.Loopback));
            }

            throttle.Succeeded("ann", IPAddress.Loopback);
            _time.Advance(TimeSpan.FromDays(1));
        }
    }

    [Fact]
    public void Attempts_at_once_are_counted_before_they_have_failed()
    {
        var throttle = new SignInThrottle(_time);
        int through = 0;
        Parallel.For(0, 200, _ => Interlocked.Add(ref through, throttle.Begin("ann", s_attacker) == TimeSpan.Zero ? 1 : 0));
        Assert.Equal(6, through);
    }

    [Fact]
    public void Its_memory_is_bounded()
    {
        var throttle = new SignInThrottle(_time);
        for (int i = 0; i < 60_000; i++)
        {
            throttle.Begin($"user{i}", new IPAddress(0x0A000000L + i));
        }

        Assert.InRange(throttle.Count, 1, 20_003);
    }

    // Whoever tries as fast as it goes: how many attempts get through.
    private int Attempts(SignInThrottle throttle, TimeSpan within, Func<int, (string, IPAddress)> next)
    {
        DateTimeOffset end = _time.GetUtcNow() + within;
        int through = 0;
        for (int i = 0; _time.GetUtcNow() < end; i++)
        {
            (string name, IPAddress address) = next(i);
            TimeSpan wait = throttle.Begin(name, address);
            through += wait == TimeSpan.Zero ? 1 : 0;
            _time.Advance(wait == TimeSpan.Zero ? TimeSpan.FromMilliseconds(10) : wait);
        }

        return through;
    }
}
