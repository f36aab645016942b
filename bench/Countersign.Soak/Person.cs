using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Countersign.Soak;

/// <summary>Begins one flow and goes through it as a person does: to its end, with mistakes, or away in the middle.</summary>
internal sealed class Person(Flow flow, BackEnd backEnd, World world, SimulatedOperator network, Random chance) : IDisposable
{
    public const string FamilyName = "Lovelace";
    public const string BirthDate = "1985-12-10";

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _browser = BackEnd.NewHttp(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(SimulatedOperator.AddressOf(flow.Number)), 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    public async Task LiveAsync()
    {
        await BeginAsync();
        if (flow.Product == Product.OneCall || Gives(30))
        {
            return;
        }
        await (flow.Product switch
        {
            Product.VerifyDesktop => FollowLinkAsync(),
            Product.VerifyOperator => ProveByOperatorAsync(),
            Product.Device => EnterCodeInNewBrowserAsync(),
            Product.Visit => ShowKeyAsync(),
            _ => EnterCodeAsync(),
        });
        if (Gives(60))
        {
            await backEnd.PostAsync($"/flows/{flow.Id}/cancel", []);
            flow.IsCancelled = true;
        }
        await FinishAsync();
        if (flow is { Product: Product.Device, Device: not null } && flow.Status?.Text("success") == "true")
        {
            flow.Follow();
        }
    }

    public void Dispose() => _browser.Dispose();

    private bool Gives(int inThousand) => chance.Next(1000) < inThousand;

    /// <summary>The same start with the same key, twice at once now and then.</summary>
    private async Task BeginAsync()
    {
        var (path, body) = Request();
        var starts = Enumerable.Range(0, Gives(200) ? 2 : 1).Select(async _ =>
        {
            while (true)
            {
                var reply = await backEnd.PostAsync(path, body.DeepClone().AsObject(), flow.Key);
                // The other one with this key is being answered.
                if (reply.Status == 409)
                {
                    await Task.Delay(_look);
                    continue;
                }
                flow.Ids[reply.Text("correlationId") ?? throw new InvalidOperationException($"{path}: {reply}")] = true;
                flow.AuthToken = reply.Text("authToken") ?? "";
                if (flow.Product == Product.OneCall)
                {
                    (flow.Status, flow.AnsweredAt) = (reply, DateTime.UtcNow);
                }
                return;
            }
        });
        await Task.WhenAll(starts);
    }

    private (string Path, JsonObject Body) Request() => flow.Product switch
    {
        Product.PreFill => ("/v3/start", new JsonObject { ["flowType"] = "mobile", ["phoneNumber"] = flow.Phone }),
        Product.Unify or Product.Device or Product.Visit =>
            ("/v3/unify", new JsonObject { ["possessionType"] = "mobile", ["phoneNumber"] = flow.Phone }),
        Product.OneCall => ("/v3/verify", new JsonObject
        {
            ["verificationType"] = "verifiedUser",
            ["phoneNumber"] = flow.Phone,
            ["firstName"] = "Ada",
            ["lastName"] = flow.HasRightName ? FamilyName : "Babbage",
            ["clientRequestId"] = flow.Key,
        }),
        var product => ("/v3/verify", new JsonObject
        {
            ["flowType"] = product == Product.VerifyDesktop ? "desktop" : "mobile",
            ["phoneNumber"] = flow.Phone,
            ["firstName"] = "Ada",
            ["lastName"] = flow.HasRightName ? FamilyName : "Babbage",
            ["allowOTPRetry"] = true,
            ["finalTargetUrl"] = product == Product.VerifyDesktop ? Stage.Target : null,
            ["clientRequestId"] = flow.Key,
        }),
    };

    private async Task FollowLinkAsync()
    {
        await StepAsync("mobile/instantlink/start", null, isText: true);
        if (await NextTextAsync() is not { } text || Gives(100))
        {
            return;
        }
        var words = ((string)text["text"]!).Split((char[])[' ', '\n']);
        var link = new Uri(words.First(word => word.StartsWith("http", StringComparison.Ordinal)));
        await backEnd.InsistAsync(node => new HttpRequestMessage(HttpMethod.Get, new Uri(node, link.PathAndQuery)), _browser);
        flow.IsProofSent = true;
        await backEnd.InsistAsync(
            node => new HttpRequestMessage(HttpMethod.Post, new Uri(node, link.PathAndQuery))
            {
                Content = new FormUrlEncodedContent([new("action", "confirm")]),
            },
            _browser);
    }

    private async Task ProveByOperatorAsync()
    {
        await network.AttachAsync(flow);
        var begun = await StepAsync("mobile/instant/start", null);
        if (begun.Text("redirectUrl") is { } url && await VisitAsync(url) is { } proof)
        {
            flow.IsProofSent = true;
            var finished = await StepAsync("mobile/instant/finish", new JsonObject { ["vfp"] = proof });
            if (finished.Status == 200 && finished.Text("next") is not { } next)
            {
                return;
            }
        }
        await EnterCodeAsync();
    }

    private async Task EnterCodeInNewBrowserAsync()
    {
        var key = new DeviceKey();
        var registered = await StepAsync("device/passive/register", key.Registration(flow.AuthToken));
        if (registered.Text("deviceId") is { } device)
        {
            (key.DeviceId, flow.Device) = (device, key);
        }
        await EnterCodeAsync();
    }

    private async Task ShowKeyAsync()
    {
        flow.IsProofSent = true;
        await StepAsync("device/passive/verify", flow.Device!.Proof(flow.AuthToken));
    }

    private async Task<string?> VisitAsync(string address)
    {
        var url = address;
        for (var hop = 0; hop < 6; hop++)
        {
            try
            {
                using var response = await _browser.GetAsync(new Uri(url));
                var reply = await Reply.ReadAsync(response);
                if (reply.Location is not { } next)
                {
                    return reply.Text("vfp");
                }
                url = next;
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
            {
                return null;
            }
        }
        return null;
    }

    private async Task EnterCodeAsync()
    {
        if (flow.Product is not Product.VerifyOperator)
        {
            await StepAsync("mobile/instant/start", null);
        }
        await StepAsync("mobile/otp/start", null, isText: true);
        if (await NextTextAsync() is not { } text || Gives(60))
        {
            return;
        }
        var words = ((string)text["text"]!).Split((char[])[' ', '\n', '.', '#']);
        var code = words.First(word => word.Length >= 4 && word.All(char.IsAsciiDigit));
        var other = code[0] == '0' ? code.Replace('0', '1') : new string('0', code.Length);
        for (var wrong = Gives(200) ? chance.Next(1, 4) : 0; wrong > 0; wrong--)
        {
            await StepAsync("mobile/otp/finish", new JsonObject { ["otp"] = other });
        }
        if (Gives(50))
        {
            return;
        }
        flow.IsProofSent = true;
        await StepAsync("mobile/otp/finish", new JsonObject { ["otp"] = code });
    }

    private async Task FinishAsync()
    {
        var id = new JsonObject { ["correlationId"] = flow.Id };
        if (flow.Product != Product.PreFill)
        {
            var isUnify = flow.Product is Product.Unify or Product.Device or Product.Visit;
            flow.Status = await backEnd.PostAsync(isUnify ? "/v3/unify-status" : "/v3/verify-status", id);
            return;
        }
        flow.Status = await backEnd.PostAsync("/v3/validate", id.DeepClone().AsObject());
        if (flow.Status.Text("success") != "true")
        {
            return;
        }
        var challenged = id.DeepClone().AsObject();
        challenged["dob"] = BirthDate;
        await backEnd.PostAsync("/v3/challenge", challenged);
        if (Gives(100))
        {
            return;
        }
        var complete = id.DeepClone().AsObject();
        complete["individual"] = new JsonObject { ["firstName"] = "Ada", ["lastName"] = FamilyName, ["dob"] = BirthDate };
        await backEnd.PostAsync("/v3/complete", complete);
    }

    /// <summary>A text may be lost, as phones know: whoever waits gives up.</summary>
    private async Task<JsonObject?> NextTextAsync()
    {
        for (var i = 0; i < 150; i++)
        {
            if (world.TextsTo(flow.Phone) is { Count: > 0 } texts)
            {
                return texts.Last();
            }
            await Task.Delay(_look);
        }
        return null;
    }

    private Task<Reply> StepAsync(string step, JsonObject? body, bool isText = false) => backEnd.InsistAsync(
        node =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node, $"/v1/client/{step}"))
            {
                Content = BackEnd.ContentOf(body ?? []),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", flow.AuthToken);
            return request;
        },
        _browser, isText ? flow.AskForText : null);
}
