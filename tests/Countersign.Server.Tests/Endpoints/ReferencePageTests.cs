using System.Text.RegularExpressions;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints;

/// <summary>The reference page: it works where there is no network but the server's own.</summary>
public sealed partial class ReferencePageTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task The_page_shows_the_v3_document_first_and_names_no_other_host()
    {
        var page = await GetAsync("/reference/");

        var documents = Documents().Matches(page.Body).Select(match => match.Value);

        Assert.Equal(
            ["openapi/v3.json", "openapi/relying-party.json", "openapi/browser.json", "openapi/sandbox.json"], documents);
        Assert.DoesNotContain("://", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_the_address_of_the_admin_API_the_page_shows_its_document_alone()
    {
        var page = await GetAsync(_server.AdminOrigin + "/reference/");

        Assert.Equal(["openapi/admin.json"], Documents().Matches(page.Body).Select(match => match.Value));
    }

    [Fact]
    public async Task The_page_may_run_its_own_scripts_and_nothing_else()
    {
        var (first, second) = (await GetAsync("/reference/"), await GetAsync("/reference/"));
        var nonce = Nonce().Match(first.Body).Groups["nonce"].Value;
        var policy = first.Header("Content-Security-Policy")!;

        Assert.StartsWith($"default-src 'none'; script-src 'nonce-{nonce}'; ", policy, StringComparison.Ordinal);
        Assert.Contains("connect-src 'self';", policy, StringComparison.Ordinal);
        Assert.Equal(Tags().Count(first.Body), Nonce().Count(first.Body));
        Assert.NotEqual(nonce, Nonce().Match(second.Body).Groups["nonce"].Value);
    }

    [Theory]
    [InlineData("/reference/scalar.js")]
    [InlineData("/reference/scalar.aspnetcore.js")]
    public async Task Its_scripts_come_from_the_server_under_the_policy_of_everything_else(string path)
    {
        var script = await GetAsync(path);

        Assert.Equal(200, script.Status);
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", script.Header("Content-Security-Policy"));
    }

    private async Task<Reply> GetAsync(string path) => await Reply.ReadAsync(await _server.Client.GetAsync(path));

    [GeneratedRegex("openapi/[a-z0-9-]+\\.json")]
    private static partial Regex Documents();

    [GeneratedRegex("nonce=\"(?<nonce>[0-9A-F]{32})\"")]
    private static partial Regex Nonce();

    [GeneratedRegex("<script")]
    private static partial Regex Tags();
}
