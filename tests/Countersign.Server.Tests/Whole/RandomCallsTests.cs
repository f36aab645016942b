using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Scenarios;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;
using Countersign.Server.Tests.Fixtures;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

/// <summary>Calls in any order, of any product, by two relying parties and their browsers, while the clock moves.</summary>
public abstract class RandomCallsTests(ServerFixture fixture)
{
    private const int CallsInSequence = 40;

    // ./test --all asks for more.
    private static readonly int _sequences = Environment.GetEnvironmentVariable("COUNTERSIGN_TESTS") == "all" ? 1000 : 50;

    private TestServer Server => fixture.Server;

    [Fact]
    [Trait("attack", "T05")]
    public async Task No_order_of_calls_leaves_the_tables_fails_or_tells_of_anothers_flow()
    {
        var other = await Server.AddProjectAsync("other-shop");

        await Gen.Select(Gen.Int[0, 99], Gen.Int[0, 99], Gen.Int[0, 99]).Array[CallsInSequence / 2, CallsInSequence].SampleAsync(
            async calls =>
            {
                var world = new World(Server, [Credentials.Sandbox, other]);
                foreach (var (what, which, how) in calls)
                {
                    await world.CallAsync(what, which, how);
                }
                // Playing all that a sequence has begun takes longer than its calls: one in ten is enough, beside the random scenarios.
                if (_sequences > 50 && calls[0].Item1 < 10)
                {
                    await world.PlayAgainAsync();
                }
            },
            iter: _sequences, threads: 1);
    }

    /// <summary>What one sequence has begun, and what must be true of it after every call.</summary>
    private sealed class World(TestServer server, Credentials[] callers)
    {
        // Mobile Auth passes, is not available, names another number; the text is refused; the link is declined; no browser is needed;
        // load.
        private static readonly string[] _verify = ["2001009001", "2001009002", "2001009003", "2001009005", "2001009009", "2001004011",
            "2001004012", "2001009006", "2002000001"];
        private static readonly string[] _start = ["2001009101", "2001009102", "2001009103", "2001009104", "2001009105", "2001009108",
            "2001009201", "2001009202", "2001001695", "2001004000", "2002000002"];
        private static readonly string[] _unify = ["2001009301", "2001009302", "2001009303", "2001004015", "2001004018", "2002000003",
            "2002000004"];
        private static readonly string[] _types = ["desktop", "mobile", "none"];

        private readonly List<Begun> _flows = [];
        private readonly List<(string Id, ECDsa Key, string KeyId)> _devices = [];

        private sealed record Begun(CorrelationId Id, Product Product, int Owner, string? AuthToken, string Number)
        {
            public override string ToString() => $"{Product} of {Owner}";
        }

        public async Task CallAsync(int what, int which, int how)
        {
            var before = await ReadAsync();
            var versions = before.ToDictionary(flow => flow.Key, flow => flow.Value.Version);
            var (name, reply, target) = await SendAsync(what, which, how);

            if (reply is not null)
            {
                Assert.True(reply.Status is 200 or 303 or 400 or 401 or 403 or 404 or 410, $"{name}: {reply}");
            }
            foreach (var (id, after) in await ReadAsync())
            {
                CheckState(name, after);
                if (before.TryGetValue(id, out var was))
                {
                    CheckChange(name, was, after);
                }
            }
            if (target is { IsForeign: true })
            {
                Assert.Equal((400, 8008), (reply!.Status, reply.Code));
                var stored = (await ReadAsync()).GetValueOrDefault(target.Value.Flow.Id);
                Assert.True(
                    stored is null || stored.Version == versions[stored.Id] || IsNoCallsDoing(before[stored.Id], stored),
                    $"{name} changed another's flow");
            }
        }

        /// <summary>What is exported of each flow comes to the same when it is played.</summary>
        public async Task PlayAgainAsync()
        {
            await server.AdvanceAsync(TimeSpan.FromMinutes(16));
            foreach (var begun in _flows)
            {
                var flow = await server.Services.GetRequiredService<FlowFinder>().FindAsync(begun.Id, default);
                if (flow is null
                    || ScenarioExport.Of(flow, new PossessionOptions()) is not ScenarioExported.Made { Scenario: var scenario })
                {
                    continue;
                }
                var played = await server.Services.GetRequiredService<IScenarioStage>().PlayAsync(scenario, default);

                Assert.True(played.IsSame, $"{begun}: {string.Join("\n", played.Differences)}\n{JsonSerializer.Serialize(scenario)}");
                Assert.Equal(flow.Facts.Select(fact => fact.Code), played.Came!.Timeline.Select(fact => fact.Code));
            }
        }

        // A deadline that passes meanwhile is told by the server's own clock, and a test user who declines does so by themselves. Whatever
        // a call does to a flow leaves another line.
        private static bool IsNoCallsDoing(Flow before, Flow after) => after.Timeline.Skip(before.Timeline.Count).All(happened =>
            happened.Code!.EndsWith(".expired", StringComparison.Ordinal)
            || happened is { Code: FlowEventCode.PossessionFailed, Reason: FlowReason.Expired or FlowReason.Declined });

        private async Task<Dictionary<CorrelationId, Flow>> ReadAsync()
        {
            var store = server.Services.GetRequiredService<IFlowStore>();
            var flows = new Dictionary<CorrelationId, Flow>();
            foreach (var begun in _flows)
            {
                if (await store.FindAsync(begun.Id, default) is { } flow)
                {
                    flows[begun.Id] = flow;
                }
            }
            return flows;
        }

        private async Task<(string Name, Reply? Reply, (Begun Flow, bool IsForeign)? Target)> SendAsync(int what, int which, int how)
        {
            if (_flows.Count == 0 || (what < 20 && _flows.Count < 6))
            {
                return await BeginAsync(what, which, how);
            }

            var flow = _flows[which % _flows.Count];
            var caller = how % 4 == 0 ? 1 - flow.Owner : flow.Owner;
            return what switch
            {
                < 55 => await AskAsync(flow, caller, what, how),
                < 90 => await BrowseAsync(flow, what, how),
                < 94 => await OpenLinkAsync(flow, how),
                _ => await WaitAsync(how),
            };
        }

        private async Task<(string, Reply?, (Begun, bool)?)> BeginAsync(int what, int which, int how)
        {
            var owner = how % 2;
            var (path, product, numbers) = (what % 3) switch
            {
                0 => ("/v3/verify", Product.VerifiedUsers, _verify),
                1 => ("/v3/start", Product.PreFill, _start),
                _ => ("/v3/unify", Product.Unify, _unify),
            };
            var number = numbers[which % numbers.Length];
            var type = _types[how % (product == Product.PreFill ? 2 : 3)];
            var body = JsonNode.Parse(TestServer.VerifyBody(type, number))!.AsObject();
            body["allowOTPRetry"] = which % 2 == 0;
            if (product != Product.VerifiedUsers)
            {
                body.Remove("firstName");
                body.Remove("lastName");
            }
            if (product == Product.PreFill && what % 2 == 0)
            {
                body["ssn"] = "0104";
            }
            var reply = await server.PostAsync(path, body.ToJsonString(), callers[owner]);

            Assert.True(reply.Status == 200, $"{path}: {reply}");
            _flows.Add(new Begun(CorrelationId.Parse(reply.Text("correlationId")), product, owner, reply.TextOrNull("authToken"), number));
            return (path, reply, null);
        }

        private async Task<(string, Reply?, (Begun, bool)?)> AskAsync(Begun flow, int caller, int what, int how)
        {
            var (path, product) = (what % 7) switch
            {
                0 => ("/v3/verify-status", Product.VerifiedUsers),
                1 => ("/v3/unify-status", Product.Unify),
                2 => ("/v3/unify-bind", Product.Unify),
                3 => ("/v3/challenge", Product.PreFill),
                4 => ("/v3/complete", Product.PreFill),
                _ => ("/v3/validate", Product.PreFill),
            };
            var body = new JsonObject { ["correlationId"] = flow.Id.ToString() };
            if (path == "/v3/unify-bind")
            {
                body["phoneNumber"] = flow.Number;
            }
            else if (path == "/v3/challenge")
            {
                body[how % 2 == 0 ? "dob" : "ssn"] = how % 2 == 0 ? "1985-04-12" : "1111";
            }
            else if (path == "/v3/complete")
            {
                body["individual"] = new JsonObject { ["firstName"] = "Lori", ["lastName"] = "Montgomery" };
            }
            var isAlive = (await ReadAsync()).TryGetValue(flow.Id, out var stored)
                && server.Services.GetRequiredService<TimeProvider>().GetUtcNow() < stored.ExpiresAt;
            var reply = await server.PostAsync(path, body.ToJsonString(), callers[caller]);
            return (path, reply, (flow, caller != flow.Owner || product != flow.Product || !isAlive));
        }

        private async Task<(string, Reply?, (Begun, bool)?)> BrowseAsync(Begun flow, int what, int how)
        {
            if (flow.AuthToken is null)
            {
                return ("nothing to browse", null, null);
            }

            var browser = server.Browser(flow.AuthToken);
            var (path, body) = (what % 14) switch
            {
                0 => ("mobile/instant/start", "{}"),
                1 => ("mobile/instant/finish", """{"vfp":"made-up"}"""),
                2 => ("mobile/instant/error", "{}"),
                3 or 4 => ("mobile/otp/start", "{}"),
                5 => ("mobile/otp/start", $$"""{"mobileNumber":"200200010{{how % 10}}"}"""),
                6 or 7 => ("mobile/otp/finish", $$"""{"otp":"{{(how % 3 == 0 ? "1234" : "9999")}}"}"""),
                8 => ("mobile/instantlink/start", how % 2 == 0 ? "{}" : """{"mobileNumber":""}"""),
                9 => ("mobile/instantlink/start", $$"""{"mobileNumber":"200200020{{how % 10}}"}"""),
                10 => (how % 5 == 0 ? "mobile/otp/error" : "device/passive/error", """{"message":"given up"}"""),
                11 => ("device/passive/register", Registration(browser)),
                12 => ("device/passive/verify", Proof(browser, how)),
                _ => ("mobile/instantlink/error", """{"message":"status code 1006"}"""),
            };
            var reply = await browser.SendAsync(path, body);
            if (path == "device/passive/register" && (string?)reply.Json?["data"]?["deviceId"] is { } id)
            {
                _devices[^1] = _devices[^1] with { Id = id };
            }
            return (path, reply, null);
        }

        private string Registration(Page browser)
        {
            var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var keyId = Guid.NewGuid().ToString();
            _devices.Add(("", key, keyId));
            var publicKey =
                $"-----BEGIN PUBLIC KEY-----\n{Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}\n-----END PUBLIC KEY-----";
            return new JsonObject
            {
                ["deviceName"] = "Test",
                ["deviceCapabilities"] = new JsonArray(),
                ["registrations"] = new JsonArray(new JsonObject
                {
                    ["publicKey"] = new JsonObject { ["id"] = keyId, ["alg"] = "ES256", ["key"] = publicKey, ["uvLevel"] = 0 },
                    ["signature"] = Sign(key, (string)browser.Claims["auth"]!["chlg"]!),
                }),
                ["signals"] = new JsonObject(),
            }.ToJsonString();
        }

        private string Proof(Page browser, int how)
        {
            var known = _devices.Where(device => device.Id.Length > 0).ToArray();
            if (known.Length == 0)
            {
                return $$"""{"deviceId":"{{Guid.NewGuid()}}","keyId":"unknown","signature":"AAAA"}""";
            }
            var (id, key, keyId) = known[how % known.Length];
            return new JsonObject
            {
                ["deviceId"] = id,
                ["keyId"] = keyId,
                ["signature"] = Sign(key, $"{id}:{(string)browser.Claims["auth"]!["chlg"]!}"),
            }.ToJsonString();
        }

        private static string Sign(ECDsa key, string text) =>
            Convert.ToBase64String(
                key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

        private async Task<(string, Reply?, (Begun, bool)?)> OpenLinkAsync(Begun flow, int how)
        {
            var links = (await server.MessagesAsync(flow.Number)).Where(message => message.Link is not null).ToArray();
            return links.Length == 0 ? ("no link", null, null)
                : ("link", await server.ConfirmLinkAsync(links[how % links.Length].Link!), null);
        }

        private async Task<(string, Reply?, (Begun, bool)?)> WaitAsync(int how)
        {
            await server.AdvanceAsync(TimeSpan.FromSeconds(how * 3));
            return ("the clock", null, null);
        }

        private static void CheckState(string name, Flow flow)
        {
            var isProven = flow.Possession is PossessionState.Succeeded or PossessionState.NotApplicable;
            if (flow.Possession is PossessionState.Challenged running)
            {
                Assert.InRange(running.WrongEntries, 0, 2);
                Assert.InRange(running.Resends, 0, 3);
                Assert.InRange(running.NumberChanges, 0, 3);
            }
            var isFine = flow.Tail switch
            {
                VerifiedUserState.AwaitingPossession => !isProven,
                VerifiedUserState.Matching or VerifiedUserState.Done { Identity: not null } => isProven,
                VerifiedUserState.Done => flow.Possession is PossessionState.Failed,
                PreFillProgress { State: PreFillState.AwaitingPossession } => !isProven,
                PreFillProgress { State: PreFillState.Failed } => flow.Possession is PossessionState.Failed,
                PreFillProgress { State: PreFillState.AwaitingChallenge or PreFillState.Challenging, Shape: StartShape.Identity } => false,
                PreFillProgress { State: PreFillState.AwaitingComplete { IsChallenged: var isChallenged }, Shape: var shape } =>
                    isProven && isChallenged == (shape == StartShape.PreFill),
                PreFillProgress => isProven,
                UnifyProgress { State: UnifyState.AwaitingPossession } => !isProven,
                UnifyProgress { State: UnifyState.AwaitingOwnCheck } => !isProven && flow.Type == FlowType.None,
                // A device that was revoked while its proof was being taken proves nothing.
                UnifyProgress { State: UnifyState.Done { Identity: null } } => flow.Possession is PossessionState.Failed
                    || (flow.Possession is PossessionState.Succeeded { Method: var method } && method == PossessionMethod.DeviceKey),
                UnifyProgress => isProven,
                _ => false,
            };
            Assert.True(isFine, $"{name} left {flow.Possession} with {flow.Tail}");
        }

        private static void CheckChange(string name, Flow was, Flow now)
        {
            Assert.Equal((was.Id, was.ProjectId, was.Product, was.Type, was.ExpiresAt),
                (now.Id, now.ProjectId, now.Product, now.Type, now.ExpiresAt));
            Assert.True(was.Number == now.Number || was.Product != Product.VerifiedUsers, $"{name} changed the number of a verify flow");
            // The relying party's own check stands for whatever the browser's key did not prove.
            var isOwnCheck = was.Tail is UnifyProgress { State: UnifyState.AwaitingOwnCheck }
                && now is { Tail: UnifyProgress { State: UnifyState.Done }, Possession: PossessionState.NotApplicable };
            Assert.True(isOwnCheck || MayFollow(was.Possession, now.Possession), $"{name}: {was.Possession} to {now.Possession}");
            Assert.True(MayFollow(was.Tail, now.Tail), $"{name}: {was.Tail} to {now.Tail}");
        }

        // What one call may do at most: several rows of a table in one go, never a row that is not there.
        private static bool MayFollow(PossessionState was, PossessionState now) => (was, now) switch
        {
            (PossessionState.Ready or PossessionState.Challenged, _) => true,
            _ => was.Equals(now),
        };

        private static bool MayFollow(ProductState was, ProductState now) => (was, now) switch
        {
            (VerifiedUserState.Done done, _) => done.Equals(now),
            (VerifiedUserState, _) => now is VerifiedUserState,
            (PreFillProgress { State: var before }, PreFillProgress { State: var after }) => (before, after) switch
            {
                (PreFillState.AwaitingPossession, PreFillState.AwaitingPossession or PreFillState.Proven or PreFillState.Failed) => true,
                (PreFillState.Proven, PreFillState.Proven or PreFillState.AwaitingChallenge or PreFillState.AwaitingComplete) => true,
                (PreFillState.AwaitingChallenge, PreFillState.AwaitingChallenge) => true,
                (PreFillState.AwaitingChallenge, PreFillState.AwaitingComplete { IsChallenged: true }) => true,
                (PreFillState.AwaitingComplete, PreFillState.AwaitingComplete or PreFillState.Completed) => true,
                _ => before.Equals(after),
            },
            (UnifyProgress { State: UnifyState.Done done }, _) => done.Equals((now as UnifyProgress)?.State),
            (UnifyProgress { State: UnifyState.AwaitingPossession or UnifyState.AwaitingOwnCheck } before, UnifyProgress after) =>
                before.State.Equals(after.State) || after.State is UnifyState.Done,
            _ => false,
        };
    }
}

public sealed class RandomCallsOnSqlite(OnSqlite fixture) : RandomCallsTests(fixture), IClassFixture<OnSqlite>;

[Trait("tier", "long")]
public sealed class RandomCallsOnPostgres(OnPostgres fixture) : RandomCallsTests(fixture), IClassFixture<OnPostgres>;
