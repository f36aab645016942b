using System.Net;
using System.Text;
using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests.Http;

public sealed class FailureTests
{
    [Fact]
    public async Task The_servers_code_and_message_are_passed_on()
    {
        var exception = await FailAsync(() => StubServer.Error(400, 8007, "no test user found matching the phone number"));

        Assert.Equal(HttpStatusCode.BadRequest, exception.StatusCode);
        Assert.Equal(CountersignErrorCode.TestUserNotFound, exception.Code);
        Assert.Equal("POST /v3/verify was answered 400 (code 8007): no test user found matching the phone number", exception.Message);
        Assert.Null(exception.CorrelationId);
        Assert.Null(exception.RetryAfter);
    }

    [Theory]
    [InlineData("""{"code":8001,"message":"bad number +12001004011"}""")]
    [InlineData("""{"code":8001,"message":"bad address person@example.com"}""")]
    [InlineData("""{"code":8001,"message":"must contain exactly one @; bad address person@example.com"}""")]
    [InlineData("""{"code":8001,"message":"must contain exactly one @example.com"}""")]
    [InlineData("""{"code":8001,"message":"contain exactly one @"}""")]
    [InlineData("""{"code":8001,"message":"@"}""")]
    [InlineData("""{"code":8001,"message":"the code 00006 is wrong"}""")]
    [InlineData("""{"code":8001,"message":"10.00006"}""")]
    [InlineData("""{"code":8001,"message":"0.12345"}""")]
    [InlineData("""{"code":8001,"message":"0.00 00006"}""")]
    [InlineData("""{"code":8001,"message":"line\nbreak"}""")]
    [InlineData("""{"code":8001,"message":"<b>page</b>"}""")]
    [InlineData("""{"code":8001,"message":""}""")]
    [InlineData("""{"code":8001}""")]
    public async Task A_message_that_may_hold_more_than_a_reason_is_left_out(string body)
    {
        var exception = await FailAsync(() => StubServer.Json(400, body));

        Assert.Equal(8001, exception.Code);
        Assert.Equal("POST /v3/verify was answered 400 (code 8001).", exception.Message);
    }

    [Theory]
    [InlineData("field 'emailAddress' is invalid: must contain exactly one @")]
    [InlineData(
        "field 'emailAddresses[0]' is invalid: must contain exactly one @; "
        + "field 'emailAddresses[1]' is invalid: must contain exactly one @; field 'ssn' is missing")]
    [InlineData(
        "field 'smsMessage' is invalid: a code of 5 digits is too easy to guess: write 6 #, "
        + "or set the project's GuessProbability to at least 0.00006")]
    [InlineData("must be from 0.000001 to 0.01")]
    public async Task The_servers_own_words_on_addresses_and_probabilities_are_passed_on(string message) =>
        Assert.Equal(
            $"POST /v3/verify was answered 400 (code 8001): {message}",
            (await FailAsync(() => StubServer.Error(400, 8001, message))).Message);

    public static TheoryData<string, string> LongMessages { get; } = new()
    {
        { Text(1000), $": {Text(1000)}" },
        { $"{Text(498)}; {Text(500)}", $": {Text(498)}; {Text(500)}" },
        { $"{Text(498)}; {Text(501)}", $": {Text(498)}" },
        { $"{Text(1000)}; y", $": {Text(1000)}" },
        { $"{Text(498)}; {Text(500)}; y", $": {Text(498)}; {Text(500)}" },
        { $"{Text(498)}; {Text(501)}; y", $": {Text(498)}" },
        { Text(1001), "." },
        { $"{Text(1001)}; y", "." },
        { $"; {Text(1000)}", "." },
        { $"x; {Text(1000)} 12345", "." },
        { $"x; {Text(1000)} person@example.com", "." },
    };

    [Theory]
    [MemberData(nameof(LongMessages), DisableDiscoveryEnumeration = true)]
    public async Task A_long_message_keeps_the_reasons_that_fit(string message, string kept) =>
        Assert.Equal(
            $"POST /v3/verify was answered 400 (code 8001){kept}", (await FailAsync(() => StubServer.Error(400, 8001, message))).Message);

    [Theory]
    [InlineData("text/html", "<h1>Sheilakathryn Butrimovich +12001004011 not allowed</h1>")]
    [InlineData("application/json", """{"code":"8001","message":"Sheilakathryn"}""")]
    [InlineData("application/json", """{"error":{"phoneNumber":"+12001004011","firstName":"Sheilakathryn"}}""")]
    [InlineData("application/json", """["Butrimovich"]""")]
    [InlineData("application/json", "null")]
    [InlineData("application/json", "")]
    public async Task An_exception_holds_no_body_and_nothing_personal(string mediaType, string body)
    {
        var exception = await FailAsync(() => new HttpResponseMessage(HttpStatusCode.BadRequest)
        {
            Content = new StringContent(body, Encoding.UTF8, mediaType),
        });

        Assert.Equal("POST /v3/verify was answered 400.", exception.Message);
        var everything = exception + string.Concat(exception.Data.Values.Cast<object>());
        foreach (var hidden in new[] { Some.PhoneNumber, Some.FirstName, Some.LastName, Some.Secret, "token-1" })
        {
            Assert.DoesNotContain(hidden, everything, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_failed_status_call_names_its_flow()
    {
        var server = new StubServer().On(StubServer.VerifyStatus, () => StubServer.Error(400, 8008, "invalid correlation id"));
        using var client = Some.Client(server);

        var exception = await Assert.ThrowsAsync<CountersignException>(
            () => client.GetStatusAsync(Some.CorrelationId, TestContext.Current.CancellationToken));

        Assert.Equal(Some.CorrelationId, exception.CorrelationId);
    }

    private static string Text(int length) => new('x', length);

    private static async Task<CountersignException> FailAsync(Func<HttpResponseMessage> answer)
    {
        using var client = Some.Client(new StubServer().On(StubServer.Verify, answer));
        return await Assert.ThrowsAsync<CountersignException>(
            () => client.VerifyAsync(Some.VerifyRequest, cancellationToken: TestContext.Current.CancellationToken));
    }
}
