using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Names;
using Countersign.Core.PreFill.Calls;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.PreFill;

/// <summary>Of challenges and completes at the same moment one asks; one that died is taken over.</summary>
public abstract class PreFillRaceTests(ServerFixture fixture) : IAsyncLifetime
{
    private const int Many = 100;
    private const string OutOfOrder = "403 8003 step not allowed";

    private static readonly JsonObject _ssn = new() { ["ssn"] = "0596" };

    private readonly SlowPersonSource _persons = new();
    private TestServer _server = null!;

    private TestServer Server => _server;

    public async ValueTask InitializeAsync() =>
        _server = await fixture.StartAsync(substitute: builder => builder.Services.AddSingleton<IPersonSource>(_persons));

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Of_a_hundred_parallel_challenges_one_is_accepted_and_the_source_is_asked_once()
    {
        var id = await Server.ReadyAsync(PreFillSteps.Milo);

        var replies = await AtOnceAsync(() => Server.ChallengeAsync(id, _ssn));

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply => Assert.Equal(OutOfOrder, reply.Fault));
        Assert.Equal((1, 0), (_persons.Found, _persons.Checked));
        Assert.Equal(["possession told to the relying party", "challenge accepted", "challenge answered"], await TimelineAsync(id));
    }

    [Fact]
    public async Task Of_a_hundred_parallel_completes_one_is_accepted_and_the_source_is_asked_once()
    {
        var id = await Server.ReadyAsync(PreFillSteps.Martina);

        var replies = await AtOnceAsync(() => Server.CompleteAsync(id));

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply => Assert.Equal(OutOfOrder, reply.Fault));
        Assert.Equal((0, 1), (_persons.Found, _persons.Checked));
        Assert.Equal(["possession told to the relying party", "complete accepted", "completed"], await TimelineAsync(id));
    }

    [Fact]
    public async Task A_hundred_parallel_validates_say_the_same()
    {
        var flow = await Server.BeginPreFillAsync(PreFillSteps.Milo);

        var replies = await AtOnceAsync(() => Server.ValidateAsync(flow.Id));

        Assert.Equal(200, Assert.Single(replies.Select(reply => (reply.Status, reply.Body)).Distinct()).Status);
        Assert.Equal(["possession told to the relying party"], await TimelineAsync(flow.Id));
    }

    [Fact]
    public async Task A_challenge_whose_asker_is_silent_is_taken_over_after_ten_seconds()
    {
        var id = await Server.ReadyAsync(PreFillSteps.Milo);
        _persons.Hold();
        var first = Server.ChallengeAsync(id, _ssn);
        await _persons.IsAsked;

        var meanwhile = await Server.ChallengeAsync(id, _ssn);
        var validated = await Server.ValidateAsync(id);
        var completed = await Server.CompleteAsync(id);
        await Server.AdvanceAsync(TimeSpan.FromSeconds(9));
        var stillMeanwhile = await Server.ChallengeAsync(id, _ssn);
        await Server.AdvanceAsync(TimeSpan.FromSeconds(1));
        var release = _persons.Go();
        var takenOver = await Server.ChallengeAsync(id, _ssn);
        release.SetResult();
        var late = await first;

        Assert.All([meanwhile, validated, completed, stillMeanwhile], reply => Assert.Equal(OutOfOrder, reply.Fault));
        // Two were asked, and one was told: a second guess would be a second challenge.
        Assert.Equal((200, OutOfOrder), (takenOver.Status, late.Fault));
        Assert.Equal(2, _persons.Found);
        Assert.Equal(200, (await Server.CompleteAsync(id)).Status);
    }

    [Fact]
    public async Task A_complete_whose_asker_is_silent_is_taken_over_after_ten_seconds()
    {
        var id = await Server.ReadyAsync(PreFillSteps.Martina);
        _persons.Hold();
        var first = Server.CompleteAsync(id);
        await _persons.IsAsked;

        var meanwhile = await Server.CompleteAsync(id);
        await Server.AdvanceAsync(TimeSpan.FromSeconds(10));
        var release = _persons.Go();
        var takenOver = await Server.CompleteAsync(id);
        release.SetResult();
        var late = await first;

        Assert.Equal(OutOfOrder, meanwhile.Fault);
        Assert.Equal((200, OutOfOrder), (takenOver.Status, late.Fault));
        Assert.Equal(OutOfOrder, (await Server.CompleteAsync(id)).Fault);
    }

    [Fact]
    public async Task A_source_that_breaks_is_an_internal_error_and_the_call_may_be_made_again()
    {
        var id = await Server.ReadyAsync(PreFillSteps.Milo);
        _persons.Hold();
        var first = Server.ChallengeAsync(id, _ssn);
        await _persons.IsAsked;

        _persons.Go().SetException(new TimeoutException("broken on purpose"));
        var broken = await first;
        var tooEarly = await Server.ChallengeAsync(id, _ssn);
        await Server.AdvanceAsync(TimeSpan.FromSeconds(10));
        var again = await Server.ChallengeAsync(id, _ssn);

        Assert.Equal("500 8000 internal error, try again later", broken.Fault);
        Assert.Equal(OutOfOrder, tooEarly.Fault);
        Assert.Equal(200, again.Status);
    }

    [Fact]
    public async Task A_challenge_answered_after_the_flows_end_is_answered_as_unknown()
    {
        var id = await Server.ReadyAsync(PreFillSteps.Milo);
        _persons.Hold();
        var call = Server.ChallengeAsync(id, _ssn);
        await _persons.IsAsked;

        await Server.AdvanceAsync(TimeSpan.FromMinutes(15));
        _persons.Go().SetResult();

        Assert.Equal("400 8008 correlation id is not valid", (await call).Fault);
    }

    [Fact]
    public async Task A_call_that_was_accepted_is_finished_though_its_caller_goes_away()
    {
        var id = CorrelationId.Parse(await Server.ReadyAsync(PreFillSteps.Milo));
        using var caller = new CancellationTokenSource();
        _persons.Hold();
        var call = Server.Services.GetRequiredService<PreFillCalls>().ChallengeAsync(id, null, Ssn.Parse("0596"), caller.Token);
        await _persons.IsAsked;

        await caller.CancelAsync();
        _persons.Go().SetResult();

        Assert.IsType<CallOutcome<PersonAnswer>.Answered>(await call);
        Assert.Equal(200, (await Server.CompleteAsync(id.ToString())).Status);
    }

    private static async Task<Reply[]> AtOnceAsync(Func<Task<Reply>> call)
    {
        // All wait at the line, so that the first is not done before the last begins.
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = Enumerable.Range(0, Many).Select(async _ =>
        {
            await start.Task;
            return await call();
        }).ToArray();
        start.SetResult();
        return await Task.WhenAll(calls);
    }

    private async Task<string[]> TimelineAsync(string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sandbox/flows/" + id);
        return [.. (await Server.SendAsync(request)).Json!["timeline"]!.AsArray().Select(entry => (string)entry!["what"]!).Skip(1)];
    }

    /// <summary>Finds and confirms everybody, counts, and can be held up.</summary>
    private sealed class SlowPersonSource : IPersonSource
    {
        private static readonly Person _person = new(new PersonName("Milo", "Pinson"), [], []);

        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource? _held;
        private int _found;
        private int _checked;

        public int Found => Volatile.Read(ref _found);

        public int Checked => Volatile.Read(ref _checked);

        public Task IsAsked => _asked.Task.WaitAsync(Socket.Timeout);

        /// <summary>Whoever asks from now on waits.</summary>
        public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Nobody waits any more but those who do already, until what is returned is set.</summary>
        public TaskCompletionSource Go() => Interlocked.Exchange(ref _held, null)!;

        public async Task<PersonAnswer> FindAsync(
            PhoneNumber number, ProjectId project, PartialDate? birthDate, Ssn? ssn, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _found);
            await WaitAsync();
            return new PersonAnswer.Found(_person);
        }

        public async Task<PersonCheck> CheckAsync(
            PhoneNumber number, ProjectId project, Person described, MatchPolicy policy, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _checked);
            await WaitAsync();
            return new PersonCheck.Compared(PersonComparison.Of(described, described));
        }

        private async Task WaitAsync()
        {
            // Elsewhere an answer takes its time; the others come in meanwhile.
            await Task.Yield();
            if (_held is { } held)
            {
                _asked.TrySetResult();
                await held.Task;
            }
        }
    }
}

public sealed class PreFillRacesOnSqlite(OnSqlite fixture) : PreFillRaceTests(fixture), IClassFixture<OnSqlite>;

public sealed class PreFillRacesOnPostgres(OnPostgres fixture) : PreFillRaceTests(fixture), IClassFixture<OnPostgres>;
