using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Countersign.Contention;

/// <summary>The built server as a process of its own, a sandbox on a free port of loopback, and the calls that are made to it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly HttpClient _http;
    private string _token = "";

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        _http = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = address, Timeout = _patience };
    }

    public static string OfThisWorkingCopy()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Countersign.slnx")))
            {
                return Path.Combine(folder.FullName, "artifacts", "bin", "Countersign.Server", "release", "Countersign.Server");
            }
        }
        throw new InvalidOperationException("This is not inside a working copy. Name the path of Countersign.Server.");
    }

    /// <summary>What the process has used of processors since it was started.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <param name="settings">Names below <c>Countersign</c>.</param>
    public static async Task<ServerProcess> StartAsync(string path, string store, IReadOnlyDictionary<string, string>? settings = null)
    {
        var start = new ProcessStartInfo(
            path, ["--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["Countersign__Store"] = store;
        start.Environment["Countersign__EncryptionKey"] = "Y29udGVudGlvbi1jb250ZW50aW9uLWNvbnRlbnRpb24=";
        start.Environment["Countersign__Sandbox__ClientId"] = "contention";
        start.Environment["Countersign__Sandbox__ClientSecret"] = "contention-secret";
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[$"Countersign__{name.Replace(":", "__", StringComparison.Ordinal)}"] = value;
        }

        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var errors = new StringBuilder();
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Split("Countersign is listening on ") is [_, var rest])
            {
                listening.TrySetResult(new Uri(rest.Split(';')[0]));
            }
        };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
            {
                errors.AppendLine(line.Data);
            }
        };
        process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException($"The server ended: {errors}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            var server = new ServerProcess(process, await listening.Task.WaitAsync(_patience));
            await server.GetTokenAsync();
            return server;
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Begins a flow.</summary>
    public async Task<Flow> BeginAsync(string path, JsonObject body)
    {
        using var response = await PostAsync(_http, path, body.ToJsonString(), _token);
        response.EnsureSuccessStatusCode();
        var answer = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        return new Flow((string)answer["correlationId"]!, (string)answer["authToken"]!, "");
    }

    public async Task<int> BrowserAsync(Flow flow, string step, string json = "{}")
    {
        using var response = await PostAsync(_http, "/v1/client/" + step, json, flow.AuthToken);
        return (int)response.StatusCode;
    }

    public async Task<int> StatusAsync(string path, Flow flow)
    {
        using var response = await PostAsync(_http, path, new JsonObject { ["correlationId"] = flow.Id }.ToJsonString(), _token);
        return (int)response.StatusCode;
    }

    public async Task<int> GetAsync(string path)
    {
        using var response = await _http.GetAsync(path);
        return (int)response.StatusCode;
    }

    /// <summary>
    /// Presses the confirm button. Of many at once one confirms and is redirected; the others are shown that the link was used.
    /// </summary>
    public async Task<int> ConfirmAsync(string link)
    {
        using var form = new FormUrlEncodedContent([new("action", "confirm")]);
        using var response = await _http.PostAsync(link, form);
        return (int)response.StatusCode is 303 or 410 ? 200 : (int)response.StatusCode;
    }

    /// <summary>One who asks for the status of a flow and begins others.</summary>
    public Neighbour Neighbour(Flow flow, Func<string> verify) =>
        new(_http.BaseAddress!, _token, new JsonObject { ["correlationId"] = flow.Id }.ToJsonString(), verify);

    /// <summary>Path of the link in the newest text to a number.</summary>
    public async Task<string> LinkToAsync(string number)
    {
        var messages = await _http.GetFromJsonAsync<JsonArray>($"/sandbox/messages?to={number}");
        return new Uri((string)messages![^1]!["link"]!).AbsolutePath;
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

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string json, string token)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await client.SendAsync(request);
    }

    private async Task GetTokenAsync()
    {
        using var form = new FormUrlEncodedContent(
            [new("grant_type", "client_credentials"), new("client_id", "contention"), new("client_secret", "contention-secret")]);
        using var response = await _http.PostAsync("/token", form);
        response.EnsureSuccessStatusCode();
        _token = (string)(await response.Content.ReadFromJsonAsync<JsonObject>())!["access_token"]!;
    }
}
