using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Countersign.Soak;

/// <summary>The simulated mobile operator, and what it is told to get wrong.</summary>
internal sealed class SimulatedOperator : IAsyncDisposable
{
    public const string ClientId = "countersign";

    private static readonly string[] _faults =
    [
        "access_denied", "temporarily_unavailable", "wrong_state", "expired_code", "wrong_nonce", "unknown_key", "malformed_token",
        "user_not_authenticated",
    ];

    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly Faults _chance;

    private SimulatedOperator(Process process, Uri issuer, Faults chance)
    {
        (_process, Issuer, _chance) = (process, issuer, chance);
        _http = new HttpClient { BaseAddress = issuer };
    }

    public Uri Issuer { get; }

    /// <summary>The address that a person's phone has in the operator's network.</summary>
    public static string AddressOf(int number) => string.Create(
        CultureInfo.InvariantCulture, $"127.{16 + (number / 62_500)}.{number / 250 % 250}.{(number % 250) + 1}");

    public static async Task<SimulatedOperator> StartAsync(Faults chance)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(Machine.Operator, ["--urls", "http://127.0.0.1:0"])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
            },
            EnableRaisingEvents = true,
        };
        var issuer = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Trim().Split("Issuer  ") is ["", var address])
            {
                issuer.TrySetResult(new Uri(address.Trim()));
            }
        };
        process.Exited += (_, _) => issuer.TrySetException(new InvalidOperationException("The operator ended."));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new SimulatedOperator(process, await issuer.Task, chance);
    }

    public Task RegisterAsync(Uri server) => CallAsync(HttpMethod.Post, "/sim/clients", new JsonObject
    {
        ["client_id"] = ClientId,
        ["redirect_uris"] = new JsonArray($"{server.GetLeftPart(UriPartial.Authority)}/operators/sim/callback"),
        ["jwks_uri"] = new Uri(server, "/operators/sim/jwks.json").AbsoluteUri,
    });

    /// <summary>Gives the person's phone its number, and with it something that goes wrong, now and then.</summary>
    public async Task AttachAsync(Flow flow)
    {
        await CallAsync(HttpMethod.Put, $"/sim/network/{AddressOf(flow.Number)}?msisdn={Uri.EscapeDataString(flow.Phone)}");
        if (_chance.Comes("operator fails", 250))
        {
            await CallAsync(HttpMethod.Put, "/sim/faults", new JsonObject
            {
                ["msisdn"] = flow.Phone, ["faults"] = new JsonArray(_faults[_chance.Draw(_faults.Length)]),
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private async Task CallAsync(HttpMethod method, string path, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = BackEnd.ContentOf(body) };
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
