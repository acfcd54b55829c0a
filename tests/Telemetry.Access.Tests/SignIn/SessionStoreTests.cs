using Telemetry.Access.Accounts;
using Telemetry.Access.SignIn;

namespace Telemetry.Access.Tests.SignIn;

public class SessionStoreTests
{
    private static readonly Account s_ann = new("ann", "", Role.Viewer, null, false, DateTimeOffset.UnixEpoch);
    private static readonly AccountSet s_set = AccountSet.Empty.With(s_ann);

    private readonly HandTime _time = new();

    [Fact]
    public void A_session_ends_by_silence_by_age_by_signing_out_and_by_any_change_of_the_account()
    {
        var store = new SessionStore(new AccessOptions { SessionIdle = TimeSpan.FromHours(1), SessionLength = TimeSpan.FromHours(3) }, _time);
        string silent = store.Begin(s_ann);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Null(store.Find(silent, s_set));

        string busy = store.Begin(s_ann);
        for (int i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(30));
            Assert.NotNull(store.Find(busy, s_set));
        }

        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.Null(store.Find(busy, s_set));

        string ended = store.Begin(s_ann);
        store.End(ended);
        Assert.Null(store.Find(ended, s_set));

        foreach (AccountSet changed in (AccountSet[])[s_set.With(s_ann with { Role = Role.Admin }), s_set.With(s_ann with { DisabledAt = DateTimeOffset.UnixEpoch }), s_set.Without("ann")])
        {
            string session = store.Begin(s_ann);
            Assert.Null(store.Find(session, changed));
            Assert.Null(store.Find(session, s_set));
        }
    }

    [Fact]
    public void What_browsers_hold_cannot_be_guessed_and_their_number_is_bounded()
    {
        var store = new SessionStore(new AccessOptions(), _time);
        string[] held = [.. Enumerable.Range(0, 20_000).Select(_ => store.Begin(s_ann))];
        Assert.Equal(held.Length, held.Distinct().Count());
        Assert.All(held, h => Assert.Equal(64, h.Length));
        Assert.InRange(store.Count, 1, 10_000);
        Assert.NotNull(store.Find(held[^1], s_set));
        Assert.Null(store.Find("", s_set));
        Assert.Null(store.Find(new string('0', 64), s_set));
    }
}
