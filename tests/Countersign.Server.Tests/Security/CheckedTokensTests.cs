using System.Buffers.Text;
using System.Text;
using Countersign.Server.Security;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Countersign.Server.Tests.Security;

public sealed class CheckedTokensTests
{
    private static readonly DateTime _now = new(2026, 11, 28, 12, 0, 0, DateTimeKind.Utc);

    private readonly CheckedTokens _tokens = new(max: 10);

    [Fact]
    public void A_kept_token_is_found_for_its_audience_alone()
    {
        Add("one", _now);

        Assert.True(_tokens.TryGet("one", "api", out _));
        Assert.False(_tokens.TryGet("one", "browser", out _));
        Assert.False(_tokens.TryGet("two", "api", out _));
    }

    [Fact]
    public void No_more_are_kept_than_there_is_room_for_and_those_are_the_newest()
    {
        for (var i = 0; i < 1000; i++)
        {
            Add($"token {i}", _now);
            Assert.InRange(_tokens.Count, 1, 10);
        }

        Assert.All(Enumerable.Range(996, 4), i => Assert.True(_tokens.TryGet($"token {i}", "api", out _)));
        Assert.False(_tokens.TryGet("token 0", "api", out _));
    }

    [Fact]
    public void A_token_in_use_stays_whatever_comes_and_goes()
    {
        Add("busy", _now);

        for (var i = 0; i < 1000; i++)
        {
            Add($"token {i}", _now);
            Assert.True(_tokens.TryGet("busy", "api", out _));
        }
    }

    [Fact]
    public void What_has_expired_is_forgotten_and_nothing_else()
    {
        for (var i = 0; i < 7; i++)
        {
            Add($"token {i}", _now.AddMinutes(i));
        }

        _tokens.ForgetExpired(_now.AddMinutes(3));

        Assert.Equal(3, _tokens.Count);
        Assert.False(_tokens.TryGet("token 3", "api", out _));
        Assert.True(_tokens.TryGet("token 4", "api", out _));
    }

    private void Add(string token, DateTime until)
    {
        var payload = $$"""{"exp":{{new DateTimeOffset(until).ToUnixTimeSeconds()}}}""";
        _tokens.Add(token, "api", new JsonWebToken($"{Encode("""{"alg":"none"}""")}.{Encode(payload)}."));
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
