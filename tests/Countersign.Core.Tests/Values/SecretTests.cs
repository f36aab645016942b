using Countersign.Core.Keys;

namespace Countersign.Core.Tests.Values;

public sealed class SecretTests
{
    private readonly SecretHasher _hasher = new(new byte[32]);
    private readonly CorrelationId _flow = CorrelationId.New(Sample.Now);

    [Fact]
    public void A_secret_does_not_print_itself()
    {
        var secret = new Secret("1234");

        Assert.Equal("***", secret.ToString());
        Assert.Equal("***", $"{secret}");
        Assert.Equal("1234", secret.Reveal());
    }

    [Fact]
    public void A_secret_that_was_never_given_is_empty() => Assert.Equal("", default(Secret).Reveal());

    [Fact]
    public void A_hash_matches_its_secret_and_no_other()
    {
        var hash = _hasher.Hash(_flow, "otp", new Secret("1234"));

        Assert.True(hash.Matches(_hasher.Hash(_flow, "otp", new Secret("1234"))));
        Assert.False(hash.Matches(_hasher.Hash(_flow, "otp", new Secret("1235"))));
        Assert.False(hash.Matches(_hasher.Hash(_flow, "otp", new Secret("1234 "))));
    }

    [Fact]
    public void Equal_codes_of_two_flows_look_different() =>
        Assert.NotEqual(
            _hasher.Hash(_flow, "otp", new Secret("1234")), _hasher.Hash(CorrelationId.New(Sample.Now), "otp", new Secret("1234")));

    [Fact]
    public void Equal_secrets_of_two_purposes_look_different() =>
        Assert.NotEqual(_hasher.Hash(_flow, "otp", new Secret("1234")), _hasher.Hash(_flow, "match-digits", new Secret("1234")));

    [Fact]
    public void Another_key_makes_another_hash() =>
        Assert.NotEqual(
            _hasher.Hash("link", new Secret("a")), new SecretHasher([.. Enumerable.Repeat((byte)1, 32)]).Hash("link", new Secret("a")));

    [Fact]
    public void Purpose_and_secret_do_not_run_into_each_other() =>
        Assert.NotEqual(_hasher.Hash("link", new Secret("ab")), _hasher.Hash("linka", new Secret("b")));

    [Fact]
    public void A_hash_does_not_print_itself() => Assert.Equal("***", new SecretHash(new string('a', 64)).ToString());

    [Fact]
    public void Secrets_are_equal_when_what_they_hold_is()
    {
        var (one, same, other) = (new Secret("1234"), new Secret(new string("1234".AsSpan())), new Secret("1235"));

        Assert.True(one == same && one.Equals((object)same) && !(one != same) && one.GetHashCode() == same.GetHashCode());
        Assert.True(one != other && !one.Equals(other) && !(one == other));
        Assert.False(one.Equals("1234"));
        Assert.False(one.Equals((object?)null));
        Assert.Equal(default, new Secret(""));
    }

    [Fact]
    public void A_fingerprint_tells_two_secrets_apart_and_is_no_part_of_their_hashes()
    {
        var (one, other) = (_hasher.Hash("client", new Secret("a")), _hasher.Hash("client", new Secret("b")));

        Assert.Matches("^[0-9a-f]{16}$", one.Fingerprint);
        Assert.Equal(one.Fingerprint, _hasher.Hash("client", new Secret("a")).Fingerprint);
        Assert.NotEqual(one.Fingerprint, other.Fingerprint);
        Assert.DoesNotContain(one.Fingerprint, one.Hex, StringComparison.Ordinal);
    }
}
