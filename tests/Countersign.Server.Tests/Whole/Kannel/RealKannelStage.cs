using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Texts;
using Countersign.Server.Tests.Fixtures;
using Countersign.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole.Kannel;

/// <summary>A server in Live whose gateway is the real Kannel, and what its receipts endpoint has heard.</summary>
public sealed class RealKannelStage : IAsyncLifetime
{
    private int _numbers;
    private int _tokens;

    internal RealKannel Kannel { get; private set; } = null!;

    internal TestServer Server { get; private set; } = null!;

    internal KeptReceipts Receipts { get; } = new();

    internal int Port { get; } = Ports.Free();

    internal ISmsGateway Gateway =>
        Server.Services.GetServices<ISmsGateway>().Single(gateway => gateway.Name == GatewayName.Parse("kannel"));

    public async ValueTask InitializeAsync()
    {
        Kannel = await RealKannel.StartAsync($"http://127.0.0.1:{Port}/gateways/kannel/inbound/{RealKannel.InboundSecret}");
        Server = await StartServerAsync(Kannel.SendUrl, Port, Receipts);
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
        if (Kannel is not null)
        {
            await Kannel.DisposeAsync();
        }
    }

    /// <param name="port">Where receipts go.</param>
    /// <param name="listens">Whether this server is the one at that port.</param>
    internal static Task<TestServer> StartServerAsync(string sendUrl, int port, KeptReceipts receipts, bool listens = true)
    {
        var settings = new Dictionary<string, string?>(TestServer.Live)
        {
            ["urls"] = listens ? $"http://127.0.0.1:{port}" : "http://127.0.0.1:0",
            ["Countersign:TextRoutes:0:Countries:0"] = "*",
            ["Countersign:TextRoutes:0:Gateways:0"] = "kannel",
        };
        foreach (var (name, password) in (IReadOnlyList<(string, string)>)[("kannel", RealKannel.Password), ("wrong", "wrong")])
        {
            var gateway = $"Countersign:Gateways:{name}:";
            settings[gateway + "Type"] = "kannel";
            settings[gateway + "Url"] = sendUrl;
            settings[gateway + "Username"] = RealKannel.Username;
            settings[gateway + "Password"] = password;
            settings[gateway + "Sender"] = "12345";
            settings[gateway + "InboundSecret"] = RealKannel.InboundSecret;
            settings[gateway + "CallbackUrl"] = $"http://127.0.0.1:{port}";
        }
        return TestServer.StartAsync(settings: settings, substitute: builder => builder.Services
            .AddSingleton<ITextReceipts>(receipts)
            .AddSingleton<ISuppressionList>(p => new WatchedSuppressions(new SuppressionStore(
                p.GetRequiredService<IDatabase>(), p.GetRequiredService<Sealer>(), p.GetRequiredService<SecretHasher>(),
                p.GetRequiredService<HashSealer>(), p.GetRequiredService<INumberPlan>(),
                p.GetRequiredService<ILineKeys>()))));
    }

    internal int NextNumber() => 100 + Interlocked.Increment(ref _numbers);

    internal SmsSubmission Text(string to, string words, string? sender = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new SmsSubmission(
            new OutgoingText(
                Guid.CreateVersion7(now), CorrelationId.New(now), PhoneNumber.Parse(to), TextKind.Otp, new Secret(words),
                new Secret("1234"), now, now.AddMinutes(2)),
            1, sender, TimeSpan.FromMinutes(2), new Secret($"token-{Interlocked.Increment(ref _tokens)}"));
    }

    /// <summary>The first so many receipts of a text, in the order they came.</summary>
    internal Task<IReadOnlyList<ReceiptState>> ReceiptsAsync(SmsSubmission text, int count) => Receipts.WaitAsync(text.ReceiptToken, count);

    internal int CountReceipts(SmsSubmission text) => Receipts.Of(text.ReceiptToken).Count;
}
