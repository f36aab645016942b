using Countersign.Providers.Camara;
using Countersign.Providers.Http;
using Countersign.Providers.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Providers.Tests.Camara;

/// <summary>The tokens that an operator's APIs are asked with.</summary>
public sealed class OperatorApisTests : IDisposable
{
    private const string Api = "/api";

    private readonly ScriptedOperator _network = new();
    private readonly MobileOperator _operator;

    public OperatorApisTests()
    {
        _operator = _network.AskedBy(new FakeTimeProvider(), NullLogger.Instance);
        _network.Answers[Api] = (_, _, _) => Task.FromResult(ScriptedOperator.Json("{}"));
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_that_does_not_come_holds_up_no_other_scope()
    {
        var answer = _network.Answers[ScriptedOperator.Token];
        _network.Answers[ScriptedOperator.Token] = (request, form, token) =>
            form.Contains("slow", StringComparison.Ordinal) ? ScriptedOperator.Silent(request, form, token) : answer(request, form, token);
        using var leaving = new CancellationTokenSource();

        var slow = PostAsync("slow:check", leaving.Token);
        await _network.SeenAsync(ScriptedOperator.Token, 1);
        var quick = await PostAsync("quick:check", Test);

        Assert.True(quick.IsSuccess);
        Assert.False(slow.IsCompleted);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
    }

    [Fact]
    public async Task A_token_is_fetched_once_for_all_and_kept_although_who_began_has_left()
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        _network.Answers[ScriptedOperator.Token] = (_, _, _) => answer.Task;
        using var leaving = new CancellationTokenSource();

        var first = PostAsync("scope", leaving.Token);
        await _network.SeenAsync(ScriptedOperator.Token, 1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        var others = Enumerable.Range(0, 5).Select(_ => PostAsync("scope", Test)).ToArray();
        answer.SetResult(ScriptedOperator.Json("""{"access_token":"t","expires_in":3600}"""));

        Assert.All(await Task.WhenAll(others), other => Assert.True(other.IsSuccess));
        Assert.Equal((1, 5), (_network.Count(ScriptedOperator.Token), _network.Count(Api)));
    }

    [Fact]
    public async Task A_refused_token_does_not_take_the_next_one_with_it()
    {
        var refusals = new[] { new TaskCompletionSource<HttpResponseMessage>(), new TaskCompletionSource<HttpResponseMessage>() };
        var refused = -1;
        _network.Answers[Api] = (request, _, _) => request.Headers.Authorization!.Parameter == "t1"
            ? refusals[Interlocked.Increment(ref refused)].Task
            : Task.FromResult(ScriptedOperator.Json("{}"));
        var (one, other) = (PostAsync("scope", Test), PostAsync("scope", Test));
        await _network.SeenAsync(Api, 2);

        // One is refused and has fetched another token before the other is refused.
        refusals[0].SetResult(ScriptedOperator.Json("{}", 401));
        var early = await await Task.WhenAny(one, other);
        refusals[1].SetResult(ScriptedOperator.Json("{}", 401));
        await Task.WhenAll(one, other);

        Assert.True(early.IsSuccess);
        Assert.True((await one).IsSuccess && (await other).IsSuccess);
        Assert.Equal(2, _network.Count(ScriptedOperator.Token));
    }

    [Fact]
    public async Task A_new_token_that_is_refused_too_is_not_fetched_again()
    {
        _network.Answers[Api] = (_, _, _) => Task.FromResult(ScriptedOperator.Json("{}", 401));

        Assert.Equal(401, (await PostAsync("scope", Test)).Status);

        Assert.Equal((2, 2), (_network.Count(ScriptedOperator.Token), _network.Count(Api)));
    }

    [Theory]
    [InlineData("""a\r\nX-Other: b""")]
    [InlineData("""a\u0000""")]
    [InlineData("""\n""")]
    [InlineData("""a\u007f""")]
    [InlineData("""ä""")]
    [InlineData("""a\ud83d\ude00""")]
    [InlineData("")]
    public async Task A_token_that_cannot_stand_in_a_header_is_none_and_is_not_kept(string text)
    {
        var answer = _network.Answers[ScriptedOperator.Token];
        _network.Answers[ScriptedOperator.Token] =
            (_, _, _) => Task.FromResult(ScriptedOperator.Json($$"""{"access_token":"{{text}}","expires_in":3600}"""));

        var failure = await Assert.ThrowsAsync<OperatorFailure>(() => PostAsync("scope", Test));

        Assert.Equal((Reasons.Unreadable, true), (failure.Reason, failure.IsOutage));
        _network.Answers[ScriptedOperator.Token] = answer;
        Assert.True((await PostAsync("scope", Test)).IsSuccess);
    }

    public void Dispose()
    {
        _operator.Dispose();
        _network.Dispose();
    }

    private Task<ProviderAnswer> PostAsync(string scope, CancellationToken cancellationToken) =>
        _operator.Apis.PostAsync("call", Api, scope, "{}"u8.ToArray(), cancellationToken);
}
