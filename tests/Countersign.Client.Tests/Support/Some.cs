using Countersign.Client.Http;

namespace Countersign.Client.Tests.Support;

/// <summary>Values that are right, for tests about something else.</summary>
internal static class Some
{
    public const string CorrelationId = "713189b8-5555-4b08-83ba-75d08780aebd";
    public const string PhoneNumber = "+12001004011";
    public const string FirstName = "Sheilakathryn";
    public const string LastName = "Butrimovich";
    public const string Secret = "s3cret-of-the-project";

    public static VerifyRequest VerifyRequest { get; } = new()
    {
        FlowType = FlowType.Mobile,
        PhoneNumber = PhoneNumber,
        FirstName = FirstName,
        LastName = LastName,
    };

    public static RequestOptions NoKey { get; } = new() { GeneratesIdempotencyKey = false };

    public static CountersignClientOptions Options(TimeProvider? time = null) => new()
    {
        ClientId = "project",
        ClientSecret = Secret,
        BaseUrl = new Uri("https://countersign.test"),
        TimeProvider = time ?? new SkippingTime(),
        ReadVariable = _ => null,
    };

    /// <summary>A client whose pauses are never shortened, so that a test can name them.</summary>
    public static CountersignClient Client(StubServer server, CountersignClientOptions options) =>
        new(ClientSettings.Read(options), new HttpClient(server), ownsHttpClient: true, new Jitter(() => 0));

    public static CountersignClient Client(StubServer server, TimeProvider? time = null) => Client(server, Options(time));
}
