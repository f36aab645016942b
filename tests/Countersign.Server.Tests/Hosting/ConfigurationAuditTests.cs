using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Keys;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Hosting;

public sealed class ConfigurationAuditTests
{
    private static readonly SecretHasher _hasher = new(MasterKey.New().DeriveHashKey());

    [Theory]
    [InlineData("Countersign:Mode", "Live", true)]
    [InlineData("Countersign:RequestsPerSecond", "25", true)]
    [InlineData("Countersign:Audit:Retention", "400.00:00:00", true)]
    [InlineData("Countersign:Projects:shop:DisclosesSsn", "true", true)]
    [InlineData("Countersign:PublicUrl", "https://id.example.com", true)]
    [InlineData("Countersign:Countries:0", "US", true)]
    [InlineData("Countersign:Admin:Scopes:ops:0", "read", true)]
    [InlineData("Countersign:Store", "Host=db;Password=1234", false)]
    [InlineData("Countersign:EncryptionKey", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", false)]
    [InlineData("Countersign:Admin:Keys:ops", "12345678901234567890123456789012", false)]
    [InlineData("Countersign:Projects:shop:Clients:shop-1", "12345678", false)]
    [InlineData("Countersign:Projects:shop:SmsMessage", "Your code is ####", false)]
    [InlineData("Countersign:Gateways:main:Token", "12345678", false)]
    [InlineData("Countersign:Sandbox:ClientSecret", "true", false)]
    [InlineData("Countersign:No:Such:Setting", "12345678", false)]
    [InlineData("Countersign:PublicUrlOfMine", "12345678", false)]
    public void A_setting_is_shown_where_it_cannot_be_a_secret_and_hashed_elsewhere(string path, string value, bool isShown)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(path, (string?)value)]).Build();

        var words = Assert.Single(ConfigurationAudit.InWords(configuration, _hasher));

        Assert.Equal(path, words.Key);
        Assert.Equal(isShown, words.Value == value);
        Assert.Equal(!isShown, words.Value.StartsWith("hash:", StringComparison.Ordinal));
    }

    [Fact]
    public void Equal_secrets_of_two_settings_have_different_hashes()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [KeyValuePair.Create("Countersign:Admin:Keys:a", (string?)"same"), new("Countersign:Admin:Keys:b", "same")]).Build();

        var words = ConfigurationAudit.InWords(configuration, _hasher);

        Assert.NotEqual(words["Countersign:Admin:Keys:a"], words["Countersign:Admin:Keys:b"]);
    }

    [Fact]
    public async Task Each_start_leaves_an_entry_with_what_was_changed_since_the_one_before()
    {
        await using var server = await TestServer.StartAsync();
        await using var second = await server.StartSecondNodeAsync(("Countersign:RequestsPerSecond", "7"));
        var services = second.Services;
        await services.GetRequiredService<AuditChainer>().RoundAsync(TestContext.Current.CancellationToken);

        var starts = await services.GetRequiredService<IAuditStore>().FindAsync(
            new AuditSearch(Act: "start"), 10, TestContext.Current.CancellationToken);

        Assert.Equal(2, starts.Count);
        Assert.Contains(
            new AuditChange("Countersign:RequestsPerSecond", null, "7"), starts[0].Entry.Act.Changes);
        Assert.All(starts[0].Entry.Act.Changes, change => Assert.DoesNotContain(
            TestServer.EncryptionKey, $"{change.Before}{change.After}", StringComparison.Ordinal));
    }
}
