using Countersign.Client;
using Countersign.Client.Testing;

namespace Countersign.Compatibility.Library;

/// <summary>What a company's own library does with the SDK: compiled for netstandard2.0, run by whatever application takes it.</summary>
public static class Onboarding
{
    private const string Number = "+12025550142";

    /// <summary>Uses each family of calls, setting what can be set. Throws when a member is not found at run time.</summary>
    public static async Task<string> RunAsync()
    {
        var client = new FakeCountersignClient();
        ICountersignClient countersign = client;

        var verified = await countersign.VerifyAsync(
            new VerifyRequest
            {
                FlowType = FlowType.Mobile, PhoneNumber = Number, FirstName = "Lori", LastName = "Montgomery", AllowOtpRetry = true,
                ClientCustomerId = "customer", ClientRequestId = "request", EmailAddress = "lori@shop.example", SmsMessage = "Shop: ######",
            },
            new RequestOptions { GeneratesIdempotencyKey = true, IdempotencyKey = "key" });
        var status = await countersign.WaitForResultAsync(
            verified.CorrelationId,
            new WaitForResultOptions
            {
                Interval = TimeSpan.FromSeconds(1), MaxInterval = TimeSpan.FromSeconds(2), Timeout = TimeSpan.FromSeconds(3),
            });
        var started = await countersign.PreFill.StartAsync(
            new StartRequest
            {
                FlowType = FlowType.Mobile, PhoneNumber = Number, AllowOtpRetry = true, EmailAddress = "lori@shop.example",
            });
        var unified = await countersign.Unify.StartAsync(
            new UnifyRequest
            {
                FlowType = FlowType.Mobile, PhoneNumber = Number, ClientHumanId = "human", Rebind = true, CheckReputation = true,
            });
        var asked = await countersign.OneCall.VerifyAsync(
            new OneCallRequest { VerificationType = VerificationType.HumanAssurance, PhoneNumber = Number, ClientRequestId = "request" });
        await countersign.Identities.EnrolAsync(new EnrolRequest { PhoneNumber = Number, ClientCustomerId = "customer" });

        // Types that a package brings to netstandard2.0 and the framework has itself.
        var identities = 0;
        await foreach (var _ in countersign.Identities.ListAllAsync(new ListIdentitiesRequest { Limit = 10 }))
        {
            identities++;
        }
        var options = new CountersignClientOptions { ClientId = "client", ClientSecret = "secret", TimeProvider = TimeProvider.System };

        return $"{verified.CorrelationId.Length > 0} {status.Outcome} {started.AuthToken is not null} {unified.CorrelationId.Length > 0} "
            + $"{asked.CorrelationId.Length > 0} {identities} {options.TimeProvider == TimeProvider.System}";
    }
}
