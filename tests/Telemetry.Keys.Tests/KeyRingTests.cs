namespace Telemetry.Keys.Tests;

public class KeyRingTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_key_is_taken_until_it_is_revoked_or_its_time_is_over()
    {
        (KeySet set, IngestKey forever, string first) = KeySet.Empty.Create("acme", "app", KeyScopes.All, s_now, null);
        (set, IngestKey day, string second) = set.Create("globex", "", KeyScopes.Ingest, s_now, s_now.AddDays(1));
        var ring = new KeyRing(set);
        Assert.Equal((KeyVerdict.Valid, "acme"), Check(ring, first, s_now.AddYears(10)));
        Assert.Equal((KeyVerdict.Valid, "globex"), Check(ring, second, s_now.AddDays(1).AddTicks(-1)));
        Assert.Equal((KeyVerdict.Refused, null), Check(ring, second, s_now.AddDays(1)));
        Assert.Equal((KeyVerdict.Refused, null), Check(new KeyRing(set.Revoke(forever.Id, s_now)), first, s_now));
        Assert.Equal("expired", day.StateAt(s_now.AddDays(2)));
    }

    [Fact]
    public void A_right_id_with_another_keys_secret_and_strangers_are_refused_alike()
    {
        (KeySet set, _, string mine) = KeySet.Empty.Create("acme", "", KeyScopes.All, s_now, null);
        var ring = new KeyRing(set);
        Assert.Equal((KeyVerdict.Refused, null), Check(ring, KeyText.Create(), s_now));
        Assert.Equal((KeyVerdict.Malformed, null), Check(ring, "", s_now));
        Assert.Equal((KeyVerdict.Malformed, null), Check(ring, mine.ToUpperInvariant(), s_now));

        // Somebody else's key under my id: only the hash tells.
        string other = KeyText.Create();
        var forged = new KeyRing(set with { Keys = [set.Keys[0] with { Hash = KeyText.HashText(other) }] });
        Assert.Equal((KeyVerdict.Refused, null), Check(forged, mine, s_now));
    }

    [Fact]
    public void Both_keys_are_taken_while_one_takes_the_place_of_the_other()
    {
        (KeySet set, IngestKey old, string first) = KeySet.Empty.Create("acme", "app", KeyScopes.Feedback, s_now, s_now.AddDays(90));
        (set, IngestKey next, string second) = set.Rotate(old.Id, s_now, TimeSpan.FromHours(1));
        var ring = new KeyRing(set);
        Assert.Equal((KeyVerdict.Valid, "acme"), Check(ring, first, s_now.AddMinutes(59)));
        Assert.Equal((KeyVerdict.Valid, "acme"), Check(ring, second, s_now.AddMinutes(59)));
        Assert.Equal((KeyVerdict.Refused, null), Check(ring, first, s_now.AddHours(1)));
        Assert.Equal((KeyScopes.Feedback, s_now.AddDays(90), next.Id), (next.Scopes, next.ExpiresAt, set.Find(old.Id).ReplacedBy));
        Assert.Throws<KeyFileException>(() => set.Rotate(old.Id, s_now.AddHours(2), default));
    }

    [Fact]
    public void Looking_at_a_key_allocates_nothing()
    {
        KeySet set = KeySet.Empty;
        string mine = "";
        for (int i = 0; i < 100; i++)
        {
            (set, _, mine) = set.Create("acme", "", KeyScopes.All, s_now, null);
        }

        var ring = new KeyRing(set);
        Check(ring, mine, s_now);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(ring.Check(mine, s_now, out _) == KeyVerdict.Valid);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    private static (KeyVerdict, string?) Check(KeyRing ring, string key, DateTimeOffset now) => (ring.Check(key, now, out IngestKey? found), found?.Tenant);
}
