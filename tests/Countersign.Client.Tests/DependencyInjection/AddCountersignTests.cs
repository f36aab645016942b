using System.Collections.Concurrent;
using Countersign.Client.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.Client.Tests.DependencyInjection;

public sealed class AddCountersignTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_scopes_share_one_token()
    {
        var server = new StubServer();
        var services = new ServiceCollection();
        services.AddCountersign(Configure).ConfigurePrimaryHttpMessageHandler(() => server);
        await using var provider = services.BuildServiceProvider();

        for (var scopes = 0; scopes < 3; scopes++)
        {
            await using var scope = provider.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ICountersignClient>().GetStatusAsync(Some.CorrelationId, Cancellation);
        }

        Assert.Single(server.To(StubServer.Token));
        Assert.Equal(3, server.To(StubServer.VerifyStatus).Count);
    }

    [Fact]
    public void Missing_settings_fail_the_start_and_are_all_named()
    {
        var services = new ServiceCollection();
        services.AddCountersign(options => options.ReadVariable = _ => null);
        using var provider = services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.Equal(3, exception.Failures.Count());
        Assert.Contains("COUNTERSIGN_CLIENT_SECRET", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_of_the_configuration_sets_the_options()
    {
        var options = Bind(new()
        {
            ["Countersign:ClientId"] = "project",
            ["Countersign:ClientSecret"] = "secret",
            ["Countersign:Environment"] = "uat-eu",
            ["Countersign:BaseUrl"] = "http://127.0.0.1:8080",
            ["Countersign:RequestTimeout"] = "00:00:05",
            ["Countersign:MaxTries"] = "2",
        });

        Assert.Equal("project", options.ClientId);
        Assert.Equal("secret", options.ClientSecret);
        Assert.Equal("uat-eu", options.Environment);
        Assert.Equal(new Uri("http://127.0.0.1:8080"), options.BaseUrl);
        Assert.Equal(TimeSpan.FromSeconds(5), options.RequestTimeout);
        Assert.Equal(2, options.MaxTries);
    }

    [Theory]
    [InlineData("RequestTimeout", "soon")]
    [InlineData("MaxTries", "-1")]
    [InlineData("MaxTries", "11")]
    [InlineData("BaseUrl", "not a url")]
    [InlineData("BaseUrl", "https://")]
    [InlineData("BaseUrl", "ftp://countersign.test")]
    [InlineData("Environment", "staging")]
    public void A_wrong_setting_is_named(string setting, string value)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Bind(new()
        {
            ["Countersign:ClientId"] = "project",
            ["Countersign:ClientSecret"] = "secret",
            [$"Countersign:{setting}"] = value,
            [setting == "Environment" ? "Unused" : "Countersign:Environment"] = "uat-us",
        }));

        Assert.Contains(setting, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_registered_before_is_kept_such_as_a_fake()
    {
        var fake = new Client.Testing.FakeCountersignClient();
        var services = new ServiceCollection();
        services.AddSingleton<ICountersignClient>(fake);
        services.AddCountersign(Configure);
        await using var provider = services.BuildServiceProvider();

        Assert.Same(fake, provider.GetRequiredService<ICountersignClient>());
    }

    [Fact]
    public async Task The_number_of_a_look_up_is_not_logged()
    {
        var server = new StubServer().On("/v3/identity/%2B12001004011/lookup", () => StubServer.Json(200, """{"items":[]}"""));
        var log = new ConcurrentQueue<string>();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new Listener(log)));
        services.AddCountersign(Configure).ConfigurePrimaryHttpMessageHandler(() => server);
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<ICountersignClient>().Identities.LookUpAsync(Some.PhoneNumber, Cancellation);

        Assert.Single(server.To("/v3/identity/%2B12001004011/lookup"));
        Assert.DoesNotContain(log, line => line.Contains("2001004011", StringComparison.Ordinal));
    }

    private static void Configure(CountersignClientOptions options)
    {
        var some = Some.Options();
        options.BaseUrl = some.BaseUrl;
        options.ClientId = some.ClientId;
        options.ClientSecret = some.ClientSecret;
        options.TimeProvider = some.TimeProvider;
        options.ReadVariable = some.ReadVariable;
    }

    private static CountersignClientOptions Bind(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection();
        services.AddCountersign(configuration.GetSection("Countersign"));
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<CountersignClientOptions>>().Value;
    }

    private sealed class Listener(ConcurrentQueue<string> log) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            log.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
