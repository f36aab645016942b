using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>The server as its users run it: a process of its own, on a free port of loopback, with settings from the environment.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    public const string ClientId = "end-to-end";
    public const string ClientSecret = "end-to-end-secret-of-32-characters";
    public const string EncryptionKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private static readonly TimeSpan _startTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output;
    private string? _token;

    private ServerProcess(Process process, ConcurrentQueue<string> output, Uri address)
    {
        _process = process;
        _output = output;
        Http = new HttpClient { BaseAddress = address };
    }

    public HttpClient Http { get; }

    public string Output => string.Join('\n', _output);

    /// <summary>The most memory the process has had so far.</summary>
    public long PeakMebibytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64 / (1024 * 1024);
        }
    }

    /// <param name="store">Connection string.</param>
    /// <param name="port">0 for a free one.</param>
    /// <param name="program">Another build of the server; null for the one that is tested.</param>
    public static Task<ServerProcess> StartAsync(
        string store, IReadOnlyDictionary<string, string>? settings = null, int port = 0, string? program = null)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Countersign__Store"] = store,
            ["Countersign__EncryptionKey"] = EncryptionKey,
            ["Countersign__Sandbox__ClientId"] = ClientId,
            ["Countersign__Sandbox__ClientSecret"] = ClientSecret,
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            all[name] = value;
        }
        return StartAsync(["--urls", $"http://127.0.0.1:{port}"], all, program);
    }

    /// <summary>With a configuration file, and nothing but that and these settings.</summary>
    public static Task<ServerProcess> StartConfiguredAsync(
        string file, IReadOnlyDictionary<string, string> settings, string? program = null) =>
        StartAsync(["--config", file], settings, program);

    private static async Task<ServerProcess> StartAsync(string[] arguments, IReadOnlyDictionary<string, string> settings, string? program)
    {
        var start = new ProcessStartInfo(program ?? Repository.Server, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Content is found beside the executable: the working directory must not matter.
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var output = new ConcurrentQueue<string>();
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) =>
            listening.TrySetException(new InvalidOperationException("The server ended:\n" + string.Join('\n', output)));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            return new ServerProcess(process, output, await listening.Task.WaitAsync(_startTimeout));
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
            if (line.Split("Countersign is listening on ") is [_, var rest])
            {
                listening.TrySetResult(new Uri(rest.Split(";")[0]));
            }
        }
    }

    /// <summary>Waits until the server has said so.</summary>
    public async Task WaitForOutputAsync(string text)
    {
        for (var look = 0; look < 600 && !Output.Contains(text, StringComparison.Ordinal); look++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
        Assert.Contains(text, Output, StringComparison.Ordinal);
    }

    /// <summary>Ends the process as a power cut would (kill -9).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task<JsonObject> VerifyAsync(object request) => await CallAsync("/v3/verify", request);

    public async Task<JsonObject> StatusAsync(string correlationId) => await CallAsync("/v3/verify-status", new { correlationId });

    /// <param name="idempotencyKey">Null for a call without one.</param>
    public async Task<JsonObject> CallAsync(string path, object body, string? idempotencyKey = null)
    {
        using var response = await PostAsync(path, body, idempotencyKey);
        var answer = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        return response.IsSuccessStatusCode ? answer
            : throw new InvalidOperationException($"{path} answered {(int)response.StatusCode} {answer}");
    }

    /// <summary>Of an address that asks for an access token.</summary>
    public async Task<JsonObject> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token ??= await GetTokenAsync());
        using var response = await Http.SendAsync(request);
        var answer = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        return response.IsSuccessStatusCode ? answer
            : throw new InvalidOperationException($"{path} answered {(int)response.StatusCode} {answer}");
    }

    public async Task<HttpResponseMessage> PostAsync(string path, object body, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token ??= await GetTokenAsync());
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }
        return await Http.SendAsync(request);
    }

    /// <summary>A step of the browser.</summary>
    public async Task<JsonObject> StepAsync(string step, string authToken, object? body = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/client/" + step) { Content = JsonContent.Create(body ?? new { }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", authToken);
        using var response = await Http.SendAsync(request);
        var answer = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        return response.IsSuccessStatusCode ? answer
            : throw new InvalidOperationException($"{step} answered {(int)response.StatusCode} {answer}");
    }

    /// <summary>The newest text to a number.</summary>
    public async Task<JsonObject> LastMessageAsync(string to)
    {
        var messages = await Http.GetFromJsonAsync<JsonArray>($"/sandbox/messages?to={Uri.EscapeDataString(to)}");
        return messages!.Count > 0 ? messages[^1]!.AsObject() : throw new InvalidOperationException("No text was sent to this number.");
    }

    public async Task<int> CountMessagesAsync(string to) =>
        (await Http.GetFromJsonAsync<JsonArray>($"/sandbox/messages?to={Uri.EscapeDataString(to)}"))!.Count;

    public async Task AdvanceAsync(TimeSpan by)
    {
        using var response = await Http.PostAsJsonAsync("/sandbox/clock", new { advanceSeconds = (int)by.TotalSeconds });
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private async Task<string> GetTokenAsync()
    {
        using var form = new FormUrlEncodedContent(
        [
            new("grant_type", "client_credentials"), new("client_id", ClientId), new("client_secret", ClientSecret),
        ]);
        using var response = await Http.PostAsync("/token", form);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!["access_token"]!.GetValue<string>();
    }
}
