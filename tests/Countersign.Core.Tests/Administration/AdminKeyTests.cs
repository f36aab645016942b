using Countersign.Core.Administration;
using Countersign.Core.Keys;

namespace Countersign.Core.Tests.Administration;

public sealed class AdminKeyTests
{
    private static readonly ProjectId _shop = ProjectId.Parse("shop");
    private static readonly ProjectId _bank = ProjectId.Parse("bank");

    [Theory]
    [InlineData("o")]
    [InlineData("ops-1_eu.west")]
    public void A_name_is_of_small_letters_digits_and_three_signs(string name) => Assert.Null(AdminKey.ProblemOfName(name));

    [Theory]
    [InlineData("")]
    [InlineData("Ops")]
    [InlineData("ops/1")]
    [InlineData("öps")]
    [InlineData("/")]
    public void Another_name_is_refused(string name) =>
        Assert.Equal("must be 1 to 64 of a-z, 0-9, -, _ and .", AdminKey.ProblemOfName(name));

    [Fact]
    public void A_name_has_at_most_64_characters()
    {
        Assert.Null(AdminKey.ProblemOfName(new string('a', 64)));
        Assert.NotNull(AdminKey.ProblemOfName(new string('a', 65)));
    }

    [Fact]
    public void A_key_is_open_until_it_expires_or_is_ended()
    {
        var forEver = new AdminKey("ops", Sample.Hash(1), AdminRights.All, Sample.Now, "root");
        var forAnHour = forEver with { ExpiresAt = Sample.Now.AddHours(1) };

        Assert.True(forEver.IsOpenAt(DateTimeOffset.MaxValue));
        Assert.True(forAnHour.IsOpenAt(Sample.Now.AddHours(1).AddTicks(-1)));
        Assert.False(forAnHour.IsOpenAt(Sample.Now.AddHours(1)));
        Assert.False((forEver with { EndedAt = Sample.Now }).IsOpenAt(Sample.Now));
        Assert.False((forAnHour with { EndedAt = Sample.Now }).IsOpenAt(Sample.Now));
    }

    [Fact]
    public void A_secret_is_known_by_its_prefix_and_found_by_its_hash_alone()
    {
        var hasher = new SecretHasher(new byte[32]);

        var (secret, hash) = AdminKeySecrets.New(hasher);

        Assert.Matches("^cs_ak_[A-Za-z0-9_-]{43}$", secret.Reveal());
        Assert.NotEqual(secret, AdminKeySecrets.New(hasher).Secret);
        Assert.Equal(hash, AdminKeySecrets.HashOf(hasher, secret));
        Assert.Equal(hash, hasher.Hash("admin-key", secret));
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData(null, "", true)]
    [InlineData(null, "shop", true)]
    [InlineData("shop", "shop", true)]
    [InlineData("shop bank", "shop", true)]
    [InlineData("shop", "shop bank", false)]
    [InlineData("shop", "bank", false)]
    [InlineData("shop", null, false)]
    [InlineData("shop", "", false)]
    public void Who_keeps_to_projects_knows_of_others_that_keep_to_some_of_these(string? own, string? others, bool include) =>
        Assert.Equal(include, Rights(own).Include(Rights(others)));

    [Fact]
    public void Rights_hold_for_the_scopes_and_projects_that_they_name()
    {
        var rights = new AdminRights([AdminScope.Read, AdminScope.Support], [_shop]);

        Assert.Equal((true, false), (rights.Has(AdminScope.Support), rights.Has(AdminScope.Keys)));
        Assert.Equal((true, false), (rights.Includes(_shop), rights.Includes(_bank)));
        Assert.Equal((true, false), (rights.IsLimited, AdminRights.All.IsLimited));
        Assert.True(AdminRights.All.Includes(_bank));
        Assert.Equal("read support", rights.ToString());
    }

    [Fact]
    public void Scopes_have_words_that_stay()
    {
        Assert.Equal(
            ["read", "support", "projects", "records", "abuse", "keys", "backup", "audit", "erase", "disclose"],
            AdminScopes.All.Select(AdminScopes.WordOf));
        Assert.Equal(AdminScopes.All, AdminScopes.All.Select(scope => AdminScopes.Find(AdminScopes.WordOf(scope))!.Value));
        Assert.Null(AdminScopes.Find("Read"));
        Assert.Null(AdminScopes.Find("root"));
        Assert.Equal(AdminScopes.All, AdminRights.All.Scopes);
    }

    private static AdminRights Rights(string? projects) => new(
        AdminScopes.All, projects is null ? null : [.. projects.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ProjectId.Parse)]);
}
