using Countersign.Providers.Camara;

namespace Countersign.Providers.Tests.Camara;

public sealed class ReasonsTests
{
    [Fact]
    public void Every_reason_is_explained_in_the_documentation()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "mobile-auth.md"));

        Assert.All(Reasons.All, reason => Assert.Contains($"\n| `{reason}` |", page, StringComparison.Ordinal));
        Assert.Equal(Reasons.All.Distinct(StringComparer.Ordinal), Reasons.All);
    }

    [Theory]
    [InlineData("login_required", Reasons.NotOnMobileNetwork)]
    [InlineData("consent_required", Reasons.ConsentMissing)]
    [InlineData("server_error", Reasons.Failed)]
    [InlineData("invalid_scope", Reasons.RequestRefused)]
    [InlineData("unauthorized_client", Reasons.ClientRefused)]
    [InlineData("access_denied", Reasons.Denied)]
    [InlineData("<script>whatever an operator may write</script>", Reasons.Denied)]
    public void An_operators_error_is_told_by_a_code_of_ours(string error, string reason) =>
        Assert.Equal(reason, Reasons.OfRedirect(error));
}
