using Countersign.Client;

namespace DocsExample;

/// <summary>Compiled, never run: docs/sdk-dotnet.md shows this code.</summary>
internal static class Example
{
    public static async Task<bool> PreFillAsync(ICountersignClient countersign)
    {
        var start = await countersign.PreFill.StartAsync(new StartRequest { FlowType = FlowType.Mobile, PhoneNumber = "2001001695" });
        // start.AuthToken to the browser; when it is done:
        var possession = await countersign.PreFill.ValidateAsync(start.CorrelationId);
        if (possession.Next == NextStep.Challenge)
        {
            var found = await countersign.PreFill.ChallengeAsync(new ChallengeRequest
            {
                CorrelationId = start.CorrelationId,
                BirthDate = BirthDate.OfDay(2, 25),            // what the person knows: a birth date, or
                Ssn = new NationalId("5479"),                  // the last four digits or all nine
            });
            // Fill in the form with found.Individual, and let the person correct it.
            Console.WriteLine(found);
        }

        var confirmed = new Individual { FirstName = "Milo", LastName = "Pinson" };   // as the person confirmed it; both names, or an SSN
        var end = await countersign.PreFill.CompleteAsync(
            new CompleteRequest { CorrelationId = start.CorrelationId, Individual = confirmed });
        // end.Succeeded
        return end.Succeeded;
    }

    public static async Task<UnifyStatusResponse> UnifyAsync(ICountersignClient countersign, string proven)
    {
        var flow = await countersign.Unify.StartAsync(new UnifyRequest { FlowType = FlowType.Mobile, PhoneNumber = "2001004014" });
        // flow.AuthToken to the browser; with FlowType.None go on only when the page is done
        var status = await countersign.Unify.WaitForResultAsync(flow.CorrelationId);
        if (status.Outcome == UnifyOutcome.PossessionRequired)
        {
            // FlowType.None, and no known key: check possession yourself, then
            status = await countersign.Unify.BindAsync(new UnifyBindRequest { CorrelationId = flow.CorrelationId, PhoneNumber = proven });
        }
        // status.Outcome == UnifyOutcome.True; keep status.ProveId and status.DeviceId

        return status;
    }

    public static async Task<bool> OneCallAsync(ICountersignClient countersign)
    {
        var result = await countersign.OneCall.VerifyAsync(new OneCallRequest
        {
            VerificationType = VerificationType.VerifiedUser,
            PhoneNumber = "2001004053",
            FirstName = "Elena",
            LastName = "Coldman",
        });
        var sure = result.Outcome == VerificationOutcome.True && result.Identity?.AssuranceLevel.IsAtLeast(AssuranceLevel.Two) == true;
        return sure;
    }

    public static async Task<EnrolledIdentity> IdentitiesAsync(ICountersignClient countersign)
    {
        var enrolled = await countersign.Identities.EnrolAsync(
            new EnrolRequest { PhoneNumber = "2001004031", ClientCustomerId = "customer-7" });
        var identity = await countersign.Identities.GetAsync(enrolled.ProveId);

        await foreach (var each in countersign.Identities.ListAllAsync())
        {
            // page after page, each asked for when its first identity is wanted
            Console.WriteLine(each);
        }

        return identity;
    }

    public static async Task DomainsAsync(ICountersignClient countersign)
    {
        var request = (await countersign.Domains.GetLinkedAsync()).RequestsFrom[0];
        await countersign.Domains.ConfirmLinkAsync(request.Pcid, request.Scopes);
    }
}
