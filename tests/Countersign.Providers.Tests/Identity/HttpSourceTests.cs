using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Providers.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Providers.Tests.Identity;

public sealed class HttpSourceTests : IdentitySourceContract
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    private readonly Answering _handler = new();

    protected override PhoneNumber Known => PhoneNumber.Parse("+12025550142");
    protected override PersonName KnownName => new("Lori", "Montgomery");
    protected override PhoneNumber Unknown => PhoneNumber.Parse("+12025550199");
    private protected override IIdentitySource Source => NewSource(TimeProvider.System);

    protected override Task<bool> BreakAsync()
    {
        _handler.Fixed = "nonsense";
        return Task.FromResult(true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"match":"yes"}""")]
    [InlineData("""{"match":true}""")]
    [InlineData("[]")]
    public async Task What_is_none_of_the_three_words_is_no_answer(string body)
    {
        _handler.Fixed = body;

        Assert.True((await Source.MatchAsync(new IdentityQuestion(Known, Shop, KnownName, true), Test)).IsSourceDown);
    }

    [Fact]
    [Trait("attack", "A08")]
    public async Task A_redirect_is_not_followed_and_is_no_answer()
    {
        _handler.Status = System.Net.HttpStatusCode.Redirect;

        Assert.True((await Source.MatchAsync(new IdentityQuestion(Known, Shop, KnownName, true), Test)).IsSourceDown);
    }

    [Fact]
    public async Task A_rule_that_could_be_a_name_is_not_taken()
    {
        _handler.Fixed = """{"match":"differs","rule":"Lori Montgomery","score":12}""";

        var answer = await Source.MatchAsync(new IdentityQuestion(Known, Shop, KnownName, true), Test);

        Assert.Equal((IdentityMatch.Differs, null, 12), (answer.Match, answer.Rule, answer.Score));
    }

    [Theory]
    [InlineData(System.Net.HttpStatusCode.BadGateway, true)]
    [InlineData(System.Net.HttpStatusCode.Unauthorized, false)]
    public async Task One_that_fails_too_often_is_left_alone_for_a_while_and_is_no_answer(System.Net.HttpStatusCode status, bool rests)
    {
        var time = new FakeTimeProvider();
        using var source = NewSource(time);
        _handler.Status = status;
        for (var i = 0; i < 30; i++)
        {
            Assert.True((await source.MatchAsync(new IdentityQuestion(Known, Shop, KnownName, true), Test)).IsSourceDown);
        }
        Assert.Equal(rests ? 20 : 30, _handler.Asked);

        _handler.Status = System.Net.HttpStatusCode.OK;
        time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(IdentityMatch.Matched, (await source.MatchAsync(new IdentityQuestion(Known, Shop, KnownName, true), Test)).Match);
    }

    [Fact]
    public async Task Who_goes_away_is_not_waited_for()
    {
        using var end = new CancellationTokenSource();
        using var source = NewSource(TimeProvider.System);
        _handler.Hangs = true;

        var asking = source.MatchAsync(new IdentityQuestion(Known, Shop, KnownName, true), end.Token);
        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private HttpIdentitySource NewSource(TimeProvider time) => new(
        new IdentitySourceOptions { Type = "http", Url = "https://crm.example.com/match", Name = "crm", Key = Key }, time,
        NullLogger.Instance, _handler);

    /// <summary>Checks the signature as the documentation says and answers.</summary>
    private sealed class Answering : HttpMessageHandler
    {
        public string? Fixed { get; set; }

        public System.Net.HttpStatusCode Status { get; set; } = System.Net.HttpStatusCode.OK;

        public bool Hangs { get; set; }

        public int Asked { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked++;
            if (Hangs)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }
            var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            var signed = HMACSHA256.HashData(
                System.Text.Encoding.UTF8.GetBytes(Key),
                (byte[])[.. System.Text.Encoding.UTF8.GetBytes(request.Headers.GetValues("Countersign-Timestamp").Single() + "."),
                    .. body]);
            Assert.Equal("v1=" + Convert.ToHexStringLower(signed), request.Headers.GetValues("Countersign-Signature").Single());
            var asked = JsonNode.Parse(body)!;
            var word = (string)asked["phoneNumber"]! != "+12025550142" ? "not_available"
                : (string)asked["lastName"]! == "Montgomery" ? "matched" : "differs";
            return new HttpResponseMessage(Status) { Content = new StringContent(Fixed ?? $$"""{"match":"{{word}}"}""") };
        }
    }
}
