using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>The simulated operator as its users run it, over TLS: published browser SDKs fetch nothing else.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    public const string ClientId = "countersign";

    private static readonly TimeSpan _startTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private OperatorProcess(Process process, Uri issuer)
    {
        _process = process;
        Issuer = issuer;
        // Its certificate is made at its start.
        Control = new HttpClient(
            new HttpClientHandler { ServerCertificateCustomValidationCallback =
                HttpClientHandler.DangerousAcceptAnyServerCertificateValidator })
        {
            BaseAddress = issuer,
        };
    }

    public Uri Issuer { get; }

    private HttpClient Control { get; }

    /// <param name="scheme">http or https.</param>
    public static async Task<OperatorProcess> StartAsync(string scheme)
    {
        var start = new ProcessStartInfo(Repository.Operator, ["--urls", $"{scheme}://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        var output = new ConcurrentQueue<string>();
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) =>
            ready.TrySetException(new InvalidOperationException("The operator ended:\n" + string.Join('\n', output)));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            return new OperatorProcess(process, await ready.Task.WaitAsync(_startTimeout));
        }
        catch
        {
            process.Kill();
            throw;
        }

        void Read(string? line)
        {
            if (line is null)
            {
                return;
            }
            output.Enqueue(line);
            if (line.Trim().Split("Issuer  ") is ["", var issuer])
            {
                ready.TrySetResult(new Uri(issuer.Trim()));
            }
        }
    }

    /// <summary>Lets a server ask, which publishes its key itself.</summary>
    public Task RegisterAsync(string origin, Uri server) => CallAsync(HttpMethod.Post, "/sim/clients", new JsonObject
    {
        ["client_id"] = ClientId,
        ["redirect_uris"] = new JsonArray($"{origin}/operators/sim/callback"),
        ["jwks_uri"] = new Uri(server, "/operators/sim/jwks.json").AbsoluteUri,
    });

    public Task AttachAsync(string address, string number) =>
        CallAsync(HttpMethod.Put, $"/sim/network/{address}?msisdn={Uri.EscapeDataString(number)}");

    /// <param name="subscriber">The whole record; null for none.</param>
    public Task SetSubscriberAsync(string number, JsonObject? subscriber) =>
        CallAsync(subscriber is null ? HttpMethod.Delete : HttpMethod.Put, $"/sim/subscribers/{number}", subscriber);

    public Task SetFaultAsync(JsonObject fault) => CallAsync(HttpMethod.Put, "/sim/faults", fault);

    /// <summary>A proxy whose requests leave from this address.</summary>
    public async Task<string> OpenRadioAsync(string address) =>
        (await CallAsync(HttpMethod.Post, $"/sim/radio/{address}"))!["proxy"]!.GetValue<string>();

    /// <summary>Its certificate in PEM.</summary>
    public Task<string> CertificateAsync() => Control.GetStringAsync("/sim/certificate");

    public async ValueTask DisposeAsync()
    {
        Control.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private async Task<JsonNode?> CallAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await Control.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? (text.Length == 0 ? null : JsonNode.Parse(text))
            : throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {text}");
    }
}
