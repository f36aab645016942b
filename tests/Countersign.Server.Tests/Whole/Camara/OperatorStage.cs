using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Projects;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Countersign.Server.Timeline;

namespace Countersign.Server.Tests.Whole.Camara;

/// <summary>A server in Live and a simulated operator, on one clock that the test moves.</summary>
public sealed class OperatorStage : IAsyncDisposable
{
    public const string Shop = "https://shop.example";

    private readonly FakeTimeProvider _clock;
    private readonly Credentials _project;

    private OperatorStage(FakeTimeProvider clock, SimulatedNetwork network, TestServer server, Credentials project) =>
        (_clock, Network, Server, _project) = (clock, network, server, project);

    public SimulatedNetwork Network { get; }
    public TestServer Server { get; }

    /// <param name="settings">Below <c>Countersign:Operators:sim:</c>, or of a second operator below <c>evil:</c>; what is null is taken
    /// away.</param>
    public static async Task<OperatorStage> SetAsync(
        IReadOnlyDictionary<string, string?>? settings = null, FakeTimeProvider? clock = null, SimulatedNetwork? network = null)
    {
        clock ??= new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
        network ??= await SimulatedNetwork.StartAsync(clock);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await network.RegisterAsync("https://id.example.com/operators/sim/callback", key.ExportSubjectPublicKeyInfoPem());
        var all = new Dictionary<string, string?>(TestServer.Live)
        {
            ["Countersign:Countries:0"] = "US",
            ["Countersign:Operators:sim:Issuer"] = network.Origin,
            ["Countersign:Operators:sim:ClientId"] = SimulatedNetwork.ClientId,
            ["Countersign:Operators:sim:PrivateKey"] = key.ExportPkcs8PrivateKeyPem(),
            ["Countersign:Operators:sim:Purpose"] = "FraudPreventionAndDetection",
            ["Countersign:Operators:sim:Cors"] = "true",
            // The phones of these tests call from there.
            ["Countersign:Operators:sim:AddressRanges:0"] = "127.0.0.0/8",
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>())
        {
            all["Countersign:Operators:" + (name.StartsWith("evil:", StringComparison.Ordinal) ? name : "sim:" + name)] = value;
        }
        var server = await TestServer.StartAsync(settings: all, liveClock: clock);
        return new OperatorStage(clock, network, server, await server.AddProjectAsync("shop", new ProjectSettings { WebOrigins = [Shop] }));
    }

    public Handset Phone(string address = SimulatedNetwork.RightSim) => new(address, Server);

    public async Task<Check> BeginAsync(string number = SimulatedNetwork.Number)
    {
        var flow = await Server.BeginAsync("mobile", number, credentials: _project);
        return new Check(this, Server.Browser(flow.AuthToken!), flow.Id);
    }

    public Task<Reply> StatusAsync(string id) => Server.StatusAsync(id, _project);

    public async Task<IReadOnlyList<string>> TimelineAsync(string id) =>
        [.. (await Server.Services.GetRequiredService<FlowRunner>().FindAsync(CorrelationId.Parse(id), default))!.Timeline.Select(
            FlowSentences.Of)];

    /// <summary>Moves the clock until something has ended that waits for it.</summary>
    public async Task<T> WaitAsync<T>(Task<T> task)
    {
        for (var step = 0; step < 2000 && !task.IsCompleted; step++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(250));
            await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(10)));
        }
        return await task;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Network.DisposeAsync();
    }
}
