using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Texts;
using Countersign.Server.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Countersign.Server.Timeline;

namespace Countersign.Server.Tests.Whole.Texts;

/// <summary>A server in Live with two gateways, alpha before beta, that do as the test says.</summary>
internal sealed class TextStage(string? sender = null, bool reportsHandover = true)
{
    public const string Number = "+12025550142";

    public TestGateway Alpha { get; } = new("alpha", reportsHandover);

    public TestGateway Beta { get; } = new("beta", reportsHandover);

    public StoppedPersons Suppressions { get; } = new();

    public TestServer Server { get; private set; } = null!;

    public Credentials Project { get; private set; } = null!;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private ITextReceipts Receipts => Server.Services.GetRequiredService<ITextReceipts>();

    /// <param name="order">The gateways of the one route.</param>
    public async Task<TestServer> StartAsync(ServerFixture fixture, params string[] order)
    {
        var settings = new Dictionary<string, string?>(TestServer.Live) { ["Countersign:TextRoutes:0:Countries:0"] = "*" };
        foreach (var (index, name) in (order.Length > 0 ? order : ["alpha", "beta"]).Index())
        {
            settings[$"Countersign:TextRoutes:0:Gateways:{index}"] = name;
        }
        if (sender is not null)
        {
            settings["Countersign:TextRoutes:0:Sender"] = sender;
        }
        Server = await fixture.StartAsync(settings, Substitute);
        Project = await Server.AddProjectAsync("shop");
        return Server;
    }

    /// <summary>Begins a flow and asks for its code.</summary>
    public async Task<(string Flow, Page Page)> SendCodeAsync()
    {
        var (flow, page) = await BeginAsync();
        await page.Post("mobile/otp/start");
        return (flow, page);
    }

    /// <summary>Begins a flow and goes as far as where a code can be asked for.</summary>
    public async Task<(string Flow, Page Page)> BeginAsync(string number = Number)
    {
        var begun = await Server.BeginAsync("mobile", number, credentials: Project);
        var page = Server.Browser(begun.AuthToken!);
        await page.Post("mobile/instant/start");
        return (begun.Id, page);
    }

    public async Task<StoredText> TextOfAsync(string flow) =>
        (await Server.Services.GetRequiredService<ITextStore>().FindLastAsync(CorrelationId.Parse(flow), Test))!;

    public async Task<TextState> StateOfAsync(string flow) => (await TextOfAsync(flow)).Fate.State;

    public async Task<string[]> TimelineAsync(string flow) =>
        [.. (await Server.Services.GetRequiredService<IFlowStore>().FindAsync(CorrelationId.Parse(flow), Test))!.Timeline.Select(
            FlowSentences.Of)];

    public async Task<string> OutcomeAsync(string flow) => (await Server.StatusAsync(flow, Project)).Outcome;

    /// <summary>A receipt of the gateway for the last text that it was handed.</summary>
    public Task<bool> ReceiveAsync(TestGateway gateway, ReceiptState state, string? error = null) =>
        ReceiveAsync(gateway.Submissions[^1], gateway.Name, state, error);

    public Task<bool> ReceiveAsync(SmsSubmission submission, GatewayName gateway, ReceiptState state, string? error = null) =>
        Receipts.ReceiveAsync(submission.ReceiptToken, gateway, state, error, Test);

    public Task AdvanceAsync(double seconds) => Server.AdvanceAsync(TimeSpan.FromSeconds(seconds));

    /// <summary>The server is gone, with whatever it was at; another one starts on its store.</summary>
    public Task CrashAsync() => Server.RestartAsync();

    private void Substitute(WebApplicationBuilder builder) => builder.Services
        .AddSingleton<ISmsGateway>(Alpha)
        .AddSingleton<ISmsGateway>(Beta)
        .AddSingleton<ISuppressions>(Suppressions)
        // A server that is stopped does not wait for a gateway: for those that come after it, it has died.
        .Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
}
