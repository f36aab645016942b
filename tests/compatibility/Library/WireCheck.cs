using System.Net;
using System.Net.Http;
using System.Text;
using Countersign.Client;

namespace Countersign.Compatibility.Library;

/// <summary>The real client, answered in memory: what it sends and reads must not depend on the framework it runs on.</summary>
public static class WireCheck
{
    /// <summary>What was sent, and what was read of the answers. Throws when a type cannot be written or read.</summary>
    public static async Task<string> RunAsync()
    {
        var handler = new Answers();
        using var http = new HttpClient(handler);
        var options = new CountersignClientOptions
        {
            BaseUrl = new Uri("http://countersign.test"), ClientId = "client", ClientSecret = "secret", ReadVariable = _ => null,
        };
        using var countersign = new CountersignClient(http, options);

        var started = await countersign.PreFill.StartAsync(
            new StartRequest { FlowType = FlowType.Mobile, PhoneNumber = "1", BirthDate = BirthDate.OfDay(2, 25), AllowOtpRetry = true });
        var completed = await countersign.PreFill.CompleteAsync(
            new CompleteRequest { CorrelationId = started.CorrelationId, Individual = new Individual { Ssn = new NationalId("5479") } });
        var found = await countersign.Identities.LookUpAsync("1");
        var identity = found.Items[0];

        return $"{handler.Sent} {started.Next} {completed.CorrelationId} {completed.Idv?.DataSource1?.EmailAddress} "
            + $"{completed.Evaluation["risk"].Result} {completed.Kyc?.TotalHits} "
            + $"{identity.ProveId} {identity.CreatedAt:yyyy} {identity.IsActive}";
    }

    private sealed class Answers : HttpMessageHandler
    {
        public StringBuilder Sent { get; } = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            if (request.Content is { } content && path != "/token")
            {
                Sent.Append(await content.ReadAsStringAsync());
            }
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(AnswerTo(path)) };
        }

        private static string AnswerTo(string path) => path switch
        {
            "/token" => """{"access_token":"t","token_type":"Bearer","expires_in":"3600"}""",
            "/v3/start" => """{"authToken":"a","correlationId":"c","next":{"v3-validate":"/v3/validate"}}""",
            "/v3/complete" => """
                {"success":true,"evaluation":{"risk":{"result":"pass"}},
                "idv":{"dataSource1":{"email":{"emailAddress":true}}},"kyc":{"totalHits":"many"}}
                """,
            _ => """{"items":[{"identityId":"i","phoneNumber":"1","active":null,"creationString":"2025-11-23T00:00:00Z"}]}""",
        };
    }
}
