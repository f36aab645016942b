using Countersign.Server.Endpoints.Admin;
using Countersign.Server.Hosting;
using Microsoft.Extensions.Configuration;

namespace Countersign.Server.Tests.Hosting;

/// <summary>Where the server listens is what somebody has written, or the start ends: a slip must not open it to the network.</summary>
public sealed class ListeningUrlsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:9000")]
    [InlineData("http://127.0.0.1:9000/")]
    [InlineData("http://192.0.2.7")]
    [InlineData("https://localhost:9443")]
    [InlineData("HTTP://LOCALHOST")]
    [InlineData("http://[::1]:65535")]
    [InlineData("http://[fe80::1%eth0]:9000")]
    [InlineData("http://*:9000")]
    [InlineData("http://+:0")]
    [InlineData("http://0.0.0.0:9000")]
    [InlineData("http://[::]:9000")]
    [InlineData("http://unix:/run/countersign.sock")]
    [InlineData("http://127.0.0.1:9000; http://[::1]:9000;")]
    public void An_address_is_let_through(string urls) => Assert.Empty(Problems(("urls", urls)));

    [Theory]
    [InlineData("http://127.0.0.1:9000x")]
    [InlineData("http://127.0.0.1:")]
    [InlineData("http://127.0.0.1:+9000")]
    [InlineData("http://127.0.0.1:-1")]
    [InlineData("http://127.0.0.1:65536")]
    [InlineData("http://127.0.0.1: 9000")]
    [InlineData("http://127.0.0.1 :9000")]
    [InlineData("http://localhost:90 00")]
    [InlineData("http://127.0.0.l:9000")]
    [InlineData("http://127.0.0:9000")]
    [InlineData("http://127.0.0.256:9000")]
    [InlineData("http://9000")]
    [InlineData("http://localhots:9000")]
    [InlineData("http://id.example.com:9000")]
    [InlineData("http://::1:9000")]
    [InlineData("http://[::1:9000")]
    [InlineData("http://[::g]:9000")]
    [InlineData("http://unix:9000")]
    [InlineData("http://127.0.0.1:9000/path")]
    [InlineData("http://127.0.0.1:9000,http://127.0.0.1:9001")]
    [InlineData("http://127.0.0.1:9000;http://127.0.0.1:9001x")]
    [InlineData("127.0.0.1:9000")]
    [InlineData("http:/127.0.0.1:9000")]
    [InlineData("ftp://127.0.0.1:9000")]
    [InlineData("http://")]
    [InlineData(";")]
    public void Anything_else_ends_the_start_wherever_it_stands(string urls)
    {
        var problem = Assert.Single(Problems(("urls", urls)));
        var endpoint = Assert.Single(Problems(("Kestrel:Endpoints:mine:Url", urls + "x")));

        Assert.StartsWith("--urls (Urls in the file) must hold addresses to listen on", problem, StringComparison.Ordinal);
        Assert.StartsWith("Kestrel:Endpoints:mine:Url must be one address to listen on", endpoint, StringComparison.Ordinal);
    }

    [Fact]
    public void What_would_be_passed_over_ends_the_start()
    {
        Assert.StartsWith("--urls (Urls in the file) is one text", Assert.Single(Problems(("urls:0", "http://127.0.0.1:9000"))),
            StringComparison.Ordinal);
        Assert.StartsWith("--urls (Urls in the file) has localhost with port 0", Assert.Single(Problems(("urls", "http://localhost:0"))),
            StringComparison.Ordinal);
        Assert.StartsWith("Kestrel:Endpoints:mine:Url must be", Assert.Single(Problems(("Kestrel:Endpoints:mine:Protocols", "Http1"))),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9001", "http://127.0.0.1:9000", null)]
    [InlineData("http://127.0.0.1:0", "http://127.0.0.1:0", null)]
    [InlineData("http://*:0;http://127.0.0.1:0", "http://*:0", null)]
    [InlineData("http://10.0.0.7:9000", "http://127.0.0.1:9000", null)]
    [InlineData("http://0.0.0.0:9001;http://[::1]:9001", "http://*:9000", null)]
    [InlineData("", "http://*:9000", null)]
    [InlineData("http://id.example.com:9001", "http://127.0.0.1:9000", "must hold addresses to listen on")]
    [InlineData("http://127.0.0.1:9001/admin", "http://127.0.0.1:9000", "must hold addresses to listen on")]
    [InlineData(";", "http://127.0.0.1:9000", "must hold addresses to listen on")]
    [InlineData("http://localhost:0", "http://127.0.0.1:9000", "has localhost with port 0")]
    [InlineData("http://127.0.0.1:9001; HTTP://127.0.0.1:9001/", "http://127.0.0.1:9000", "has the same address twice")]
    [InlineData("http://localhost:9001;http://[::1]:9001", "http://127.0.0.1:9000", "has the same address twice")]
    [InlineData("http://127.0.0.1:9000", "http://127.0.0.1:9000", "needs a port of its own")]
    [InlineData("https://127.0.0.1:9000", "http://127.0.0.1:9000", "needs a port of its own")]
    [InlineData("http://10.0.0.7", "http://*", "needs a port of its own")]
    [InlineData("http://0.0.0.0:9000", "http://10.0.0.7:9001;http://10.0.0.7:9000", "needs a port of its own")]
    [InlineData("http://[::]:9000", "http://10.0.0.7:9000", "needs a port of its own")]
    [InlineData("http://unix:/run/a.sock", "http://unix:/run/a.sock", "needs a port of its own")]
    [InlineData("", "http://*:8081", "is http://127.0.0.1:8081 unless it is set")]
    public void The_admin_API_has_addresses_that_no_other_has(string admin, string urls, string? problem)
    {
        foreach (var setting in (string[])["urls", "Kestrel:Endpoints:web:Url"])
        {
            var options = new AdminOptions { Urls = admin, Keys = { ["ops"] = "0123456789abcdef0123456789abcdef" } };
            var configuration = new ConfigurationBuilder().AddInMemoryCollection([
                .. setting == "urls" ? [KeyValuePair.Create("urls", (string?)urls)]
                    : urls.Split(';').Select((url, i) => KeyValuePair.Create($"Kestrel:Endpoints:web{i}:Url", (string?)url)),
            ]).Build();

            var problems = ListeningUrls.Problems(configuration, options).ToList();

            Assert.Equal(problem is null ? 0 : 1, problems.Count);
            Assert.All(problems, sentence =>
            {
                Assert.StartsWith("Countersign:Admin:Urls ", sentence, StringComparison.Ordinal);
                Assert.Contains(problem!, sentence, StringComparison.Ordinal);
            });
        }
    }

    private static string[] Problems(params (string Name, string Value)[] settings) =>
    [
        .. ListeningUrls.Problems(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build()),
    ];
}
