using System.Runtime.ExceptionServices;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Texts;
using Countersign.Providers.Sms;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Providers.Tests.Sms;

/// <summary>
/// What every gateway that is reached over HTTP promises. The question behind most of it: was the text taken? "Rejected" may be said only
/// when it certainly was not.
/// </summary>
public abstract class HttpGatewayContract(HttpGatewayFixture fixture) : SmsGatewayContract
{
    private const string Name = HttpGatewayFixture.Name;

    // Not a time that anything must keep: what never ends shall fail and not hang.
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(1);

    private protected override ISmsGateway Gateway => fixture.GatewayOf(Name);

    private protected IGatewayCallbacks Callbacks => fixture.CallbacksOf(Name);

    private protected ProviderDouble Provider => fixture.Provider;

    /// <summary>How the provider says that it has taken a text.</summary>
    private protected abstract ProviderReply Taken { get; }

    /// <summary>Each way in which the provider says that it has not, and what it means.</summary>
    private protected abstract IReadOnlyList<(ProviderReply Reply, SmsRefusal Why)> Refusals { get; }

    /// <summary>What a 403 is whose words are not the provider's.</summary>
    private protected virtual SmsRefusal Forbidden => SmsRefusal.AuthFailed;

    /// <summary>Something that this provider never says.</summary>
    private protected virtual ProviderReply Garbage { get; } = new(200, "<html>Please sign in to this network</html>", "text/html");

    /// <summary>The text in a request, as the provider reads it.</summary>
    private protected abstract string TextIn(ProviderRequest request);

    /// <summary>The validity in a request of 119.2 seconds, and as it must be there.</summary>
    private protected abstract (string InRequest, string Expected) ValidityIn(ProviderRequest request);

    /// <summary>The number in a request, E.164 with its plus.</summary>
    private protected abstract string NumberIn(ProviderRequest request);

    private protected abstract string SenderIn(ProviderRequest request);

    /// <summary>What texts come from where no route says otherwise.</summary>
    private protected virtual string OwnSender => HttpGatewayFixture.Sender;

    /// <summary>Where the provider is told to send receipts.</summary>
    private protected abstract string ReceiptUrlIn(ProviderRequest request);

    [Fact]
    public override async Task A_text_is_taken()
    {
        Provider.Answers(Taken);

        var result = await Gateway.SubmitAsync(Submission("Your code is 1234."), Test);

        Assert.Equal(new SmsResult.Accepted(), result);
        var request = Assert.Single(Provider.Requests);
        Assert.Equal(("POST", Number.E164), (request.Method, NumberIn(request)));
    }

    [Fact]
    public override Task Many_texts_at_once_are_each_answered()
    {
        Provider.Answers(Taken);
        return base.Many_texts_at_once_are_each_answered();
    }

    [Fact]
    public override Task Who_has_no_time_is_answered_and_nothing_is_thrown()
    {
        Provider.Answers(Taken);
        return base.Who_has_no_time_is_answered_and_nothing_is_thrown();
    }

    [Fact]
    public async Task Every_refusal_of_the_provider_is_one_of_ours()
    {
        foreach (var (reply, why) in Refusals)
        {
            Provider.Answers(reply);

            var result = await Gateway.SubmitAsync(Submission("Your code is 1234."), Test);

            Assert.True(result is SmsResult.Rejected rejected && rejected.Why == why,
                $"{reply.Status} {reply.Body} should be {why} and is {result}");
        }
    }

    [Theory]
    [InlineData(401, SmsRefusal.AuthFailed)]
    [InlineData(403, SmsRefusal.AuthFailed)]
    [InlineData(429, SmsRefusal.Throttled)]
    public async Task A_status_that_says_that_nothing_was_taken_needs_no_body(int status, SmsRefusal why)
    {
        Provider.Answers(new ProviderReply(status, "<html>No.</html>", "text/html", RetryAfter: "7"));

        var result = Assert.IsType<SmsResult.Rejected>(await Gateway.SubmitAsync(Submission("Your code is 1234."), Test));

        Assert.Equal(status == 403 ? Forbidden : why, result.Why);
        if (why == SmsRefusal.Throttled)
        {
            Assert.Equal(TimeSpan.FromSeconds(7), result.RetryAfter);
        }
    }

    [Theory]
    [InlineData(301)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_status_after_which_the_text_may_have_been_taken_is_unknown(int status)
    {
        Provider.Answers(new ProviderReply(status, "<html>Oh.</html>", "text/html", RetryAfter: "1", Location: "/elsewhere"));

        var result = await Gateway.SubmitAsync(Submission("Your code is 1234."), Test);

        Assert.Equal(new SmsResult.Unknown(), result);
        // In particular no redirect is followed: it would carry the text to somebody else.
        Assert.Single(Provider.Requests);
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_was_taken()
    {
        var result = await fixture.GatewayOf(HttpGatewayFixture.DeadName).SubmitAsync(Submission("Your code is 1234."), Test);

        Assert.Equal(new SmsResult.Rejected(SmsRefusal.ProviderDown), result);
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_within_five_seconds_may_have_taken_it()
    {
        Provider.Does((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));

        var submitting = Gateway.SubmitAsync(Submission("Your code is 1234."), Test);
        await Provider.NextAsync();
        fixture.Time.Advance(TimeSpan.FromSeconds(4.9));
        var before = submitting.IsCompleted;
        fixture.Time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal((false, new SmsResult.Unknown()), (before, await submitting));
    }

    [Fact]
    public async Task A_provider_that_stops_in_the_middle_of_its_answer_may_have_taken_it()
    {
        Provider.Does(async (context, _) =>
        {
            context.Response.StatusCode = Taken.Status == 204 ? 200 : Taken.Status;
            context.Response.ContentLength = 1000;
            await context.Response.Body.WriteAsync("{"u8.ToArray());
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        var submitting = Gateway.SubmitAsync(Submission("Your code is 1234."), Test);
        await Provider.NextAsync();
        fixture.Time.Advance(TimeSpan.FromSeconds(5.1));

        Assert.Equal(new SmsResult.Unknown(), await submitting);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_lost_after_the_text_was_sent_is_unknown_and_the_text_is_not_sent_again(bool isConnectionReused)
    {
        if (isConnectionReused)
        {
            Provider.Answers(Taken);
            await Gateway.SubmitAsync(Submission("Your code is 0000."), Test);
        }
        Provider.Does((context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        var result = await Gateway.SubmitAsync(Submission("Your code is 1234."), Test);

        Assert.Equal(new SmsResult.Unknown(), result);
        Assert.Single(Provider.Requests);
    }

    [Fact]
    public async Task An_answer_that_is_not_the_providers_says_nothing()
    {
        Provider.Answers(Garbage);

        Assert.Equal(new SmsResult.Unknown(), await Gateway.SubmitAsync(Submission("Your code is 1234."), Test));
    }

    [Fact]
    public async Task Of_an_endless_answer_little_is_read()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Provider.Does(async (context, _) =>
        {
            context.Response.StatusCode = Garbage.Status;
            var some = new byte[64 * 1024];
            // How much the web server takes says nothing: when the connection has ended it takes everything at once and sends it nowhere.
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(some, CancellationToken.None);
            }
            ended.SetResult();
        });

        // Time stands still here: only who stops reading comes to an end.
        var result = await Gateway.SubmitAsync(Submission("Your code is 1234."), Test).WaitAsync(_timeout, Test);

        Assert.Equal(new SmsResult.Unknown(), result);
        await ended.Task.WaitAsync(_timeout, Test);
    }

    [Fact]
    public async Task Who_has_no_time_before_anything_was_sent_knows_that_nothing_was_taken()
    {
        Provider.Answers(Taken);

        var result = await Gateway.SubmitAsync(Submission("Your code is 1234."), new CancellationToken(canceled: true));

        Assert.Equal(new SmsResult.Rejected(SmsRefusal.ProviderDown), result);
        Assert.Empty(Provider.Requests);
    }

    [Fact]
    public async Task Who_gives_up_while_waiting_does_not_know()
    {
        Provider.Does((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var timeout = new CancellationTokenSource();

        var submitting = Gateway.SubmitAsync(Submission("Your code is 1234."), timeout.Token);
        await Provider.NextAsync();
        await timeout.CancelAsync();

        Assert.Equal(new SmsResult.Unknown(), await submitting);
    }

    public static TheoryData<string> Texts =>
    [
        "Your code is 1234.",
        "5 € {a} [b] ~ | ^ \\ ñ Ä ß £ ¥ Δ @ $ _",
        "Line one\nline two\r\nand three\n\n@shop.example #1234",
        "  spaces  and & = + % # ; , ? / \" ' < > at both ends ",
        "Ваш код 1234",
        "你的驗證碼 😀 👩‍👩‍👧 1234",
        new string('a', 159) + "€" + new string('b', 40),
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_text_arrives_as_it_is(string text)
    {
        Provider.Answers(Taken);

        await Gateway.SubmitAsync(Submission(text), Test);

        Assert.Equal(text, TextIn(Assert.Single(Provider.Requests)));
    }

    [Fact]
    public async Task The_provider_is_told_how_long_the_text_is_of_use()
    {
        Provider.Answers(Taken);

        await Gateway.SubmitAsync(Submission("Your code is 1234.", validity: TimeSpan.FromSeconds(119.2)), Test);

        var (inRequest, expected) = ValidityIn(Assert.Single(Provider.Requests));
        Assert.Equal(expected, inRequest);
    }

    [Fact]
    public async Task The_provider_is_told_where_receipts_go_and_the_token_is_in_it()
    {
        Provider.Answers(Taken);

        await Gateway.SubmitAsync(Submission("Your code is 1234."), Test);

        Assert.StartsWith(
            $"https://id.example.com/gateways/{Name}/receipts/{Token.Reveal()}", ReceiptUrlIn(Assert.Single(Provider.Requests)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("OtherBrand")]
    public async Task The_route_s_sender_goes_before_the_gateway_s_own(string? sender)
    {
        Provider.Answers(Taken);

        await Gateway.SubmitAsync(Submission("Your code is 1234.", sender: sender), Test);

        Assert.Equal(sender ?? OwnSender, SenderIn(Assert.Single(Provider.Requests)));
    }

    [Fact]
    public async Task No_number_text_token_or_secret_stands_in_an_address_a_log_line_or_an_exception()
    {
        var thrown = new List<string>();
        void Record(object? sender, FirstChanceExceptionEventArgs e)
        {
            lock (thrown)
            {
                thrown.Add(e.Exception.ToString());
            }
        }
        AppDomain.CurrentDomain.FirstChanceException += Record;
        try
        {
            foreach (var reply in Refusals.Select(refusal => refusal.Reply).Append(Garbage).Append(Taken))
            {
                Provider.Answers(reply);
                await Gateway.SubmitAsync(Submission("Your code is 918273."), Test);
                Assert.DoesNotContain(Provider.Requests, request =>
                    fixture.Secrets.Append("2025559917").Append("918273").Append(Token.Reveal())
                    .Any(secret => request.Target.Contains(secret, StringComparison.Ordinal)));
            }
            await fixture.GatewayOf(HttpGatewayFixture.DeadName).SubmitAsync(Submission("Your code is 918273."), Test);
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Record;
        }

        string[] seen = [.. fixture.Logs.All.Select(line => line.ToString()), .. thrown];
        Assert.All(fixture.Secrets.Append("2025559917").Append("918273").Append(Token.Reveal()), secret =>
            Assert.DoesNotContain(seen, line => line.Contains(secret, StringComparison.Ordinal)));
    }
}

/// <summary>One gateway that stands before a double, and one where nobody listens.</summary>
public abstract class HttpGatewayFixture : IAsyncLifetime
{
    public const string Name = "first";
    public const string DeadName = "dead";
    public const string Sender = "MyBrand";

    private ServiceProvider? _services;

    internal ProviderDouble Provider { get; private set; } = null!;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));

    public LogLines Logs { get; } = new();

    /// <summary>What stands in <see cref="OptionsFor"/> and nobody may see.</summary>
    public abstract IReadOnlyList<string> Secrets { get; }

    /// <summary>Options of a gateway of this type.</summary>
    /// <param name="provider">Scheme, host and port of the provider.</param>
    public abstract IReadOnlyDictionary<string, string?> OptionsFor(string provider);

    public async ValueTask InitializeAsync()
    {
        Provider = await ProviderDouble.StartAsync();
        var (alive, dead) = (Provider.Address.GetLeftPart(UriPartial.Authority), $"http://127.0.0.1:{Ports.Free()}");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([.. SettingsOf(Name, alive), .. SettingsOf(DeadName, dead)])
            .Build();
        var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs))
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton(new PublicAddress(() => "https://id.example.com"))
            .AddSmsGateways(GatewayTypes.Read(configuration.GetSection("Countersign:Gateways"), new ValidateOptionsResultBuilder()));
        Register(services, Name, alive);
        Register(services, DeadName, dead);
        _services = services.BuildServiceProvider();
    }

    /// <summary>Registers a gateway that no configuration names.</summary>
    protected virtual void Register(IServiceCollection services, string name, string provider) { }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }
        await Provider.DisposeAsync();
    }

    internal ISmsGateway GatewayOf(string name) =>
        _services!.GetServices<ISmsGateway>().Single(gateway => gateway.Name == GatewayName.Parse(name));

    internal IGatewayCallbacks CallbacksOf(string name) =>
        _services!.GetServices<IGatewayCallbacks>().Single(gateway => gateway.Name == GatewayName.Parse(name));

    private IEnumerable<KeyValuePair<string, string?>> SettingsOf(string name, string provider) =>
        OptionsFor(provider).Select(option => KeyValuePair.Create($"Countersign:Gateways:{name}:{option.Key}", option.Value));
}
