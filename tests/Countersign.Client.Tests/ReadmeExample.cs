using Countersign.Client;

namespace ReadmeExample;

/// <summary>Compiled, never run: the package's README shows this code.</summary>
internal static class Example
{
    public static async Task RunAsync()
    {
        using var countersign = new CountersignClient(new CountersignClientOptions
        {
            BaseUrl = new Uri("http://127.0.0.1:8080"),
            ClientId = "sandbox",
            ClientSecret = "sandbox-secret",
        });

        var flow = await countersign.VerifyAsync(new VerifyRequest
        {
            FlowType = FlowType.Mobile,
            PhoneNumber = "2001004011",
            FirstName = "Sheilakathryn",
            LastName = "Butrimovich",
        });
        // Give flow.AuthToken to the browser; keep flow.CorrelationId in your session.

        var result = await countersign.WaitForResultAsync(flow.CorrelationId);
        Console.WriteLine(result.Outcome == VerificationOutcome.True ? "verified" : "not verified");
    }
}
