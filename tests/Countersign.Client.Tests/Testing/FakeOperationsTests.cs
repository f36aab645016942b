using Countersign.Client.Testing;
using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests.Testing;

/// <summary>What the fake does behind the client's properties.</summary>
public sealed class FakeOperationsTests
{
    private static readonly StartRequest _start = new() { FlowType = FlowType.Mobile, PhoneNumber = Some.PhoneNumber };
    private static readonly UnifyRequest _unify = new() { FlowType = FlowType.Mobile, PhoneNumber = Some.PhoneNumber };
    private static readonly EnrolRequest _enrol = new() { PhoneNumber = Some.PhoneNumber };

    private static readonly OneCallRequest _oneCall =
        new() { VerificationType = VerificationType.VerifiedUser, PhoneNumber = Some.PhoneNumber };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly FakeCountersignClient _fake = new();

    [Fact]
    public async Task A_pre_fill_flow_goes_through_its_four_steps()
    {
        _fake.PreFill.Individual = new Individual { FirstName = "Milo" };

        var started = await _fake.PreFill.StartAsync(_start, cancellationToken: Cancellation);
        var validated = await _fake.PreFill.ValidateAsync(started.CorrelationId, Cancellation);
        var challenged = await _fake.PreFill.ChallengeAsync(Challenge(started), Cancellation);
        var completed = await _fake.PreFill.CompleteAsync(Complete(started), Cancellation);

        Assert.Equal((true, true, NextStep.Challenge), (validated.Succeeded, validated.IsChallengeMissing, validated.Next));
        Assert.Equal((true, "Milo", NextStep.Complete), (challenged.Succeeded, challenged.Individual?.FirstName, challenged.Next));
        Assert.Equal((true, NextStep.Done), (completed.Succeeded, completed.Next));
    }

    [Fact]
    public async Task Steps_out_of_order_are_refused_as_at_the_server()
    {
        var started = await _fake.PreFill.StartAsync(_start, cancellationToken: Cancellation);

        await AssertRefusedAsync(CountersignErrorCode.StepNotAllowed, () => _fake.PreFill.ChallengeAsync(Challenge(started), Cancellation));
        await AssertRefusedAsync(CountersignErrorCode.StepNotAllowed, () => _fake.PreFill.CompleteAsync(Complete(started), Cancellation));
        await _fake.PreFill.ValidateAsync(started.CorrelationId, Cancellation);
        await _fake.PreFill.ValidateAsync(started.CorrelationId, Cancellation);
        await _fake.PreFill.ChallengeAsync(Challenge(started), Cancellation);
        await AssertRefusedAsync(CountersignErrorCode.StepNotAllowed, () => _fake.PreFill.ChallengeAsync(Challenge(started), Cancellation));
        await AssertRefusedAsync(
            CountersignErrorCode.StepNotAllowed, () => _fake.PreFill.ValidateAsync(started.CorrelationId, Cancellation));
        await _fake.PreFill.CompleteAsync(Complete(started), Cancellation);
        await AssertRefusedAsync(CountersignErrorCode.StepNotAllowed, () => _fake.PreFill.CompleteAsync(Complete(started), Cancellation));
    }

    [Fact]
    public async Task A_challenge_without_anything_known_is_refused_and_not_counted()
    {
        var started = await _fake.PreFill.StartAsync(_start, cancellationToken: Cancellation);
        await _fake.PreFill.ValidateAsync(started.CorrelationId, Cancellation);

        await AssertRefusedAsync(
            CountersignErrorCode.InvalidRequest,
            () => _fake.PreFill.ChallengeAsync(new ChallengeRequest { CorrelationId = started.CorrelationId }, Cancellation));

        Assert.True((await _fake.PreFill.ChallengeAsync(Challenge(started), Cancellation)).Succeeded);
    }

    [Fact]
    public async Task A_flow_without_challenge_goes_on_to_the_completion()
    {
        _fake.PreFill.HasChallenge = false;
        var started = await _fake.PreFill.StartAsync(_start, cancellationToken: Cancellation);

        var validated = await _fake.PreFill.ValidateAsync(started.CorrelationId, Cancellation);
        var completed = await _fake.PreFill.CompleteAsync(Complete(started), Cancellation);

        Assert.Equal((false, NextStep.Complete), (validated.IsChallengeMissing, validated.Next));
        Assert.True(completed.Succeeded);
    }

    [Fact]
    public async Task A_pre_fill_flow_follows_the_script_and_the_tests_decision()
    {
        _fake.Script(VerificationOutcome.False, VerificationOutcome.Pending, VerificationOutcome.Expired);
        var failed = await _fake.PreFill.StartAsync(_start, cancellationToken: Cancellation);
        var open = await _fake.PreFill.StartAsync(_start, cancellationToken: Cancellation);
        var expired = await _fake.PreFill.StartAsync(_start, cancellationToken: Cancellation);

        Assert.Equal(NextStep.Done, (await _fake.PreFill.ValidateAsync(failed.CorrelationId, Cancellation)).Next);
        Assert.Equal(NextStep.Validate, (await _fake.PreFill.ValidateAsync(open.CorrelationId, Cancellation)).Next);
        await AssertRefusedAsync(
            CountersignErrorCode.UnknownCorrelationId, () => _fake.PreFill.ValidateAsync(expired.CorrelationId, Cancellation));
        _fake.Decide(open.CorrelationId, VerificationOutcome.True);
        Assert.True((await _fake.PreFill.ValidateAsync(open.CorrelationId, Cancellation)).Succeeded);
    }

    [Fact]
    public async Task An_id_of_another_kind_of_flow_is_unknown()
    {
        var started = await _fake.PreFill.StartAsync(_start, cancellationToken: Cancellation);

        await AssertRefusedAsync(
            CountersignErrorCode.UnknownCorrelationId, () => _fake.GetStatusAsync(started.CorrelationId, Cancellation));
        await AssertRefusedAsync(
            CountersignErrorCode.UnknownCorrelationId, () => _fake.Unify.GetStatusAsync(started.CorrelationId, Cancellation));
    }

    [Fact]
    public async Task A_unify_flow_tells_identity_and_device_and_the_number_keeps_its_identity()
    {
        var first = await _fake.Unify.StartAsync(_unify, cancellationToken: Cancellation);
        var second = await _fake.Unify.StartAsync(_unify with { FlowType = FlowType.Desktop }, cancellationToken: Cancellation);

        var mobile = await _fake.Unify.GetStatusAsync(first.CorrelationId, Cancellation);
        var desktop = await _fake.Unify.WaitForResultAsync(second.CorrelationId, cancellationToken: Cancellation);

        Assert.Equal(UnifyOutcome.Pending, first.Outcome);
        Assert.Equal(UnifyOutcome.True, mobile.Outcome);
        Assert.NotNull(mobile.DeviceId);
        Assert.Null(desktop.DeviceId);
        Assert.Equal(mobile.ProveId, desktop.ProveId);
    }

    [Fact]
    public async Task A_flow_without_possession_wants_a_check_and_is_then_bound_once()
    {
        var flow = await _fake.Unify.StartAsync(_unify with { FlowType = FlowType.None }, cancellationToken: Cancellation);
        var bind = new UnifyBindRequest { CorrelationId = flow.CorrelationId, PhoneNumber = Some.PhoneNumber };

        var waited = await _fake.Unify.WaitForResultAsync(flow.CorrelationId, cancellationToken: Cancellation);
        await AssertRefusedAsync(
            CountersignErrorCode.InvalidRequest, () => _fake.Unify.BindAsync(bind with { PhoneNumber = "+12001004099" }, Cancellation));
        var bound = await _fake.Unify.BindAsync(bind, Cancellation);

        Assert.Equal(UnifyOutcome.PossessionRequired, waited.Outcome);
        Assert.Equal(UnifyOutcome.True, bound.Outcome);
        Assert.Equal(bound, await _fake.Unify.GetStatusAsync(flow.CorrelationId, Cancellation));
        await AssertRefusedAsync(CountersignErrorCode.StepNotAllowed, () => _fake.Unify.BindAsync(bind, Cancellation));
    }

    [Fact]
    public async Task A_unify_wait_ends_when_the_test_decides()
    {
        _fake.Script(VerificationOutcome.Pending);
        var flow = await _fake.Unify.StartAsync(_unify, cancellationToken: Cancellation);

        var wait = _fake.Unify.WaitForResultAsync(flow.CorrelationId, cancellationToken: Cancellation);
        Assert.False(wait.IsCompleted);
        _fake.Decide(flow.CorrelationId, VerificationOutcome.False);

        Assert.Equal(UnifyOutcome.False, (await wait).Outcome);
    }

    [Fact]
    public async Task A_device_can_be_revoked_again_and_again_and_a_strange_one_never()
    {
        var flow = await _fake.Unify.StartAsync(_unify, cancellationToken: Cancellation);
        var status = await _fake.Unify.GetStatusAsync(flow.CorrelationId, Cancellation);
        var revoke = new RevokeDeviceRequest { DeviceId = status.DeviceId!, ClientRequestId = "request-9" };

        Assert.True((await _fake.Unify.RevokeDeviceAsync(revoke, Cancellation)).Succeeded);
        Assert.True((await _fake.Unify.RevokeDeviceAsync(revoke, Cancellation)).Succeeded);
        await AssertRefusedAsync(
            CountersignErrorCode.NotFound, () => _fake.Unify.RevokeDeviceAsync(revoke with { DeviceId = "strange" }, Cancellation));
    }

    [Fact]
    public async Task One_call_verifications_follow_the_script_one_by_one()
    {
        _fake.Script(VerificationOutcome.False, VerificationOutcome.True, VerificationOutcome.False);

        var single = await _fake.OneCall.VerifyAsync(_oneCall, cancellationToken: Cancellation);
        var batch = await _fake.OneCall.VerifyBatchAsync(new OneCallBatchRequest { Items = [_oneCall, _oneCall] }, Cancellation);

        Assert.Equal(VerificationOutcome.False, single.Outcome);
        Assert.Null(single.Identity);
        Assert.Equal([VerificationOutcome.True, VerificationOutcome.False], batch.Results.Select(result => result.Outcome));
        Assert.Equal([AssuranceLevel.Two, AssuranceLevel.Zero], batch.Results.Select(result => result.AssuranceLevel));
    }

    [Fact]
    public async Task Who_is_enrolled_again_keeps_the_id_and_gets_the_new_data()
    {
        var first = await _fake.Identities.EnrolAsync(_enrol, Cancellation);
        var second = await _fake.Identities.EnrolAsync(_enrol with { ClientCustomerId = "customer-7" }, Cancellation);

        Assert.Equal(first.ProveId, second.ProveId);
        Assert.Equal("customer-7", (await _fake.Identities.GetAsync(first.ProveId, Cancellation)).ClientCustomerId);
        Assert.Single((await _fake.Identities.LookUpAsync(Some.PhoneNumber, Cancellation)).Items);
        Assert.Empty((await _fake.Identities.LookUpAsync("+12001004099", Cancellation)).Items);
    }

    [Fact]
    public async Task Identities_are_listed_page_by_page_the_inactive_ones_on_wish()
    {
        var numbers = Enumerable.Range(0, 5).Select(i => new EnrolRequest { PhoneNumber = $"+1200200000{i}" });
        var enrolled = await _fake.Identities.EnrolBatchAsync(new EnrolBatchRequest { Items = [.. numbers] }, Cancellation);
        await _fake.Identities.DeactivateAsync(enrolled.Results[1].ProveId!, Cancellation);

        var active = await ReadAsync(new ListIdentitiesRequest { Limit = 2 });
        var all = await ReadAsync(new ListIdentitiesRequest { Limit = 2, ShowInactive = true });

        Assert.Equal(enrolled.Results.Where((_, i) => i != 1).Select(result => result.ProveId), active);
        Assert.Equal(enrolled.Results.Select(result => result.ProveId), all);
    }

    [Fact]
    public async Task An_identity_that_was_disenrolled_is_not_found()
    {
        var enrolled = await _fake.Identities.EnrolAsync(_enrol, Cancellation);
        await _fake.Identities.DeactivateAsync(enrolled.ProveId, Cancellation);
        await _fake.Identities.ActivateAsync(enrolled.ProveId, Cancellation);
        Assert.True((await _fake.Identities.GetAsync(enrolled.ProveId, Cancellation)).IsActive);

        await _fake.Identities.DisenrolAsync(enrolled.ProveId, Cancellation);

        await AssertRefusedAsync(CountersignErrorCode.NotFound, () => _fake.Identities.GetAsync(enrolled.ProveId, Cancellation));
        await AssertRefusedAsync(CountersignErrorCode.NotFound, () => _fake.Identities.DisenrolAsync(enrolled.ProveId, Cancellation));
    }

    [Fact]
    public async Task Attributes_of_an_enrolment_are_discovered_and_fetched()
    {
        var wallet = new IdentityAttributeEntry { AttributeType = "walletId", AttributeValue = "wallet-1" };
        var enrolled = await _fake.Identities.EnrolAsync(_enrol with { IdentityAttributes = [wallet] }, Cancellation);

        var discovered = await _fake.Identities.DiscoverAsync(new DiscoverRequest { ProveId = enrolled.ProveId }, Cancellation);
        var fetch = new FetchRequest { ProveId = enrolled.ProveId, AttributeId = discovered.Results[0].AttributeId };

        Assert.Equal("wallet-1", (await _fake.Identities.FetchAsync(fetch, Cancellation)).Results[0].AttributeValue);
        await AssertRefusedAsync(
            CountersignErrorCode.NotFound, () => _fake.Identities.FetchAsync(fetch with { AttributeId = "strange" }, Cancellation));
    }

    [Fact]
    public async Task Domains_and_linked_projects_are_what_the_test_sets()
    {
        _fake.Domains.Linked = new LinkedDomainsResponse { LinkedTo = [new LinkedDomain { Pcid = "pcid-2" }] };
        _fake.Identities.CrossDomain =
            new CrossDomainResponse { Count = 1, Identities = [new CrossDomainIdentity { IdentityId = "there" }] };
        var enrolled = await _fake.Identities.EnrolAsync(_enrol, Cancellation);

        Assert.Equal("fake-pcid", (await _fake.Domains.GetIdAsync(Cancellation)).Pcid);
        Assert.Equal("pcid-2", (await _fake.Domains.GetLinkedAsync(Cancellation)).LinkedTo[0].Pcid);
        Assert.True((await _fake.Domains.ConfirmLinkAsync("pcid-3", cancellationToken: Cancellation)).Succeeded);
        Assert.Equal(1, (await _fake.Identities.ListCrossDomainAsync(enrolled.ProveId, Cancellation)).Count);
        Assert.Equal(new FakeCall { Method = "Domains.ConfirmLinkAsync", Request = "pcid-3" }, _fake.Calls[^2]);
    }

    [Fact]
    public async Task A_confirmed_link_is_kept_with_its_scopes()
    {
        await _fake.Domains.ConfirmLinkAsync("pcid-3", ["identities"], Cancellation);

        var request = Assert.IsType<LinkDomainRequest>(_fake.Calls[^1].Request);
        Assert.Equal(("pcid-3", "identities"), (request.Pcid, Assert.Single(request.Scopes)));
    }

    private static ChallengeRequest Challenge(StartResponse started) =>
        new() { CorrelationId = started.CorrelationId, BirthDate = BirthDate.OfDay(2, 25) };

    private static CompleteRequest Complete(StartResponse started) =>
        new() { CorrelationId = started.CorrelationId, Individual = new Individual { FirstName = "Milo", LastName = "Pinson" } };

    private static async Task AssertRefusedAsync(int code, Func<Task> callAsync) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<CountersignException>(callAsync)).Code);

    private async Task<List<string>> ReadAsync(ListIdentitiesRequest request)
    {
        var ids = new List<string>();
        await foreach (var identity in _fake.Identities.ListAllAsync(request, Cancellation))
        {
            ids.Add(identity.ProveId);
        }

        return ids;
    }
}
