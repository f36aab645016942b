using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Providers.Sandbox;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.Browser;

/// <summary>The key that a browser keeps: it spares a known person the text, and nobody else.</summary>
public abstract class DeviceKeyTests(ServerFixture fixture)
{
    private const string MobileStep = """{"next":"mobile/instant"}""";
    private const string Done = """{"next":"done"}""";
    private const string NoDevice = """{"next":"device/passive","error":{"code":10006,"message":"the device is not known"}}""";
    private const string NotProven = """{"next":"mobile/instant","error":{"code":10001,"message":"the device key was not proven"}}""";
    private const string NotInThisFlow =
        """{"next":"mobile/instant","error":{"code":10003,"message":"this step is not part of the flow"}}""";
    private const string AlreadyDecided = """{"next":"done","error":{"code":10003,"message":"the flow is already decided"}}""";

    private static int s_numbers = 2002300000;

    /// <summary>A load user of this test alone: the network cannot be asked, the code works.</summary>
    private readonly string _number = $"{Interlocked.Increment(ref s_numbers)}";

    private TestServer Server => fixture.Server;

    [Theory]
    [InlineData("mobile")]
    [InlineData("none")]
    public async Task A_flow_that_a_key_can_prove_begins_with_it(string type)
    {
        var (page, _) = await BeginAsync(type);

        Assert.Equal("device/passive", (string?)page.Claims["auth"]!["next"]);
        Assert.Equal("""{"auths":{"pasv":{"cdt":true,"uvlvl":"none"}}}""", page.Claims["auth"]!["subs"]!["dev"]!.ToJsonString());
    }

    [Fact]
    public async Task A_first_visit_registers_its_key_and_is_proven_by_the_next_method()
    {
        using var key = new DeviceKey();
        var (page, flow) = await BeginAsync();

        var registered = await key.RegisterAsync(page);
        await Server.ProveByCodeAsync(flow);

        var status = await Server.UnifyStatusAsync(flow.Id);
        Assert.Equal($$$"""{"next":"mobile/instant","data":{"deviceId":"{{{key.DeviceId}}}"}}""", registered.ToJsonString());
        Assert.Equal(("true", key.DeviceId), (status.Text("success"), status.Text("deviceId")));
        Assert.Equal(status.Text("proveId"), (await FindAsync(key))!.IdentityId.ToString());
    }

    [Theory]
    [InlineData("passive")]
    [InlineData("universal")]
    public async Task A_next_visit_passes_by_its_key_alone(string kind)
    {
        using var key = new DeviceKey();
        var first = await VisitAsync(key);
        var texts = (await Server.MessagesAsync(_number)).Count;
        var (page, flow) = await BeginAsync();

        var answer = await key.ProveAsync(page, kind);

        var status = await Server.UnifyStatusAsync(flow.Id);
        Assert.Equal(Done, answer.ToJsonString());
        Assert.Equal(("true", key.DeviceId), (status.Text("success"), status.Text("deviceId")));
        Assert.Equal(first.Text("proveId"), status.Text("proveId"));
        Assert.Equal(texts, (await Server.MessagesAsync(_number)).Count);
    }

    [Fact]
    public async Task A_universal_key_is_registered_as_any_other()
    {
        using var key = new DeviceKey();
        var (page, flow) = await BeginAsync();

        await key.RegisterAsync(page, "universal");
        await Server.ProveByCodeAsync(flow);

        Assert.Equal(key.DeviceId, (await Server.UnifyStatusAsync(flow.Id)).Text("deviceId"));
    }

    [Fact]
    public async Task A_revoked_device_proves_nothing_and_its_browser_registers_anew_in_the_same_flow()
    {
        using var key = new DeviceKey();
        using var newKey = new DeviceKey();
        await VisitAsync(key);
        await Server.RevokeDeviceAsync(key.DeviceId);
        var (page, flow) = await BeginAsync();

        var refused = await key.ProveAsync(page);
        var stillPending = await Server.UnifyStatusAsync(flow.Id);
        var registered = await newKey.RegisterAsync(page);
        await Server.ProveByCodeAsync(flow);

        Assert.Equal(NoDevice, refused.ToJsonString());
        Assert.Equal("pending", stillPending.Text("success"));
        Assert.Equal("mobile/instant", (string?)registered["next"]);
        var status = await Server.UnifyStatusAsync(flow.Id);
        Assert.Equal(("true", newKey.DeviceId), (status.Text("success"), status.Text("deviceId")));
        Assert.NotEqual(key.DeviceId, newKey.DeviceId);
    }

    [Fact]
    public async Task A_revoked_key_that_is_registered_again_is_another_device_and_has_proven_nothing()
    {
        using var key = new DeviceKey();
        await VisitAsync(key);
        var revoked = key.DeviceId;
        await Server.RevokeDeviceAsync(revoked);
        var (page, _) = await BeginAsync();
        await key.RegisterAsync(page);

        var (nextPage, next) = await BeginAsync();
        var answer = await key.ProveAsync(nextPage);

        Assert.NotEqual(revoked, key.DeviceId);
        Assert.Equal(MobileStep, answer.ToJsonString());
        Assert.Equal("pending", (await Server.UnifyStatusAsync(next.Id)).Text("success"));
    }

    [Fact]
    public async Task A_device_that_is_revoked_between_key_and_code_is_not_tied()
    {
        using var key = new DeviceKey();
        var (page, flow) = await BeginAsync();
        await key.RegisterAsync(page);

        await Server.RevokeDeviceAsync(key.DeviceId);
        await Server.ProveByCodeAsync(flow);

        var status = await Server.UnifyStatusAsync(flow.Id);
        Assert.Equal(("true", null), (status.Text("success"), status.TextOrNull("deviceId")));
    }

    [Fact]
    public async Task A_device_of_another_project_is_unknown_here()
    {
        var shop = await Server.AddProjectAsync("device-shop");
        using var key = new DeviceKey();
        await VisitAsync(key);
        var flow = await Server.BeginUnifyAsync("mobile", _number, credentials: shop);

        var answer = await key.ProveAsync(Server.Browser(flow.AuthToken!));

        Assert.Equal(NoDevice, answer.ToJsonString());
        Assert.Equal("pending", (await Server.UnifyStatusAsync(flow.Id, shop)).Text("success"));
    }

    [Theory]
    [InlineData("019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a")]
    [InlineData("019AB3F0-5C1E-7D2A-9B64-3F8E2C71D05A")]
    [InlineData("a device of another server")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task A_device_that_was_never_given_is_unknown(string deviceId)
    {
        using var key = new DeviceKey();
        var (page, flow) = await BeginAsync();
        var proof = key.Proof(page);
        proof["deviceId"] = deviceId;

        var answer = await page.Post("device/passive/verify", proof.ToJsonString());

        Assert.Equal(NoDevice, answer.ToJsonString());
        Assert.Equal("pending", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
    }

    [Fact]
    public async Task An_id_in_other_letters_is_no_id()
    {
        using var key = new DeviceKey();
        await VisitAsync(key);
        var (page, _) = await BeginAsync();
        var upper = key.DeviceId.ToUpperInvariant();
        var proof = key.Proof(page);
        (proof["deviceId"], proof["signature"]) = (upper, key.Sign($"{upper}:{page.Challenge}"));

        var answer = await page.Post("device/passive/verify", proof.ToJsonString());

        Assert.Equal(upper == key.DeviceId ? Done : NoDevice, answer.ToJsonString());
    }

    public static TheoryData<string, int> AlteredRegistrations => new()
    {
        // Base64 of the key: its type, its curve, both coordinates, the last letter before the padding.
        { "key", 30 }, { "key", 45 }, { "key", 60 }, { "key", 70 }, { "key", 120 }, { "key", 148 }, { "key", 0 }, { "key", 12 },
        { "key", -5 },
        { "signature", 0 }, { "signature", 3 }, { "signature", 20 }, { "signature", 50 }, { "signature", -1 }, { "signature", -3 },
    };

    [Theory]
    [MemberData(nameof(AlteredRegistrations))]
    public async Task A_key_whose_proof_was_altered_by_one_character_is_not_stored_and_the_flow_goes_on(string member, int at)
    {
        using var key = new DeviceKey();
        var (page, flow) = await BeginAsync();
        var before = await Server.CountAsync("devices");
        var body = key.Registration(page);
        var place = member == "key" ? body["registrations"]![0]!["publicKey"]! : body["registrations"]![0]!;
        place[member] = Altered((string)place[member]!, at);

        var answer = await page.Post("device/passive/register", body.ToJsonString());
        await Server.ProveByCodeAsync(flow);

        var status = await Server.UnifyStatusAsync(flow.Id);
        Assert.Equal(NotProven, answer.ToJsonString());
        Assert.Equal(before, await Server.CountAsync("devices"));
        Assert.Equal(("true", null), (status.Text("success"), status.TextOrNull("deviceId")));
    }

    [Fact]
    public async Task A_registration_of_another_flow_is_none_of_this()
    {
        using var key = new DeviceKey();
        var (other, _) = await BeginAsync();
        var (page, _) = await BeginAsync();
        var before = await Server.CountAsync("devices");

        var answer = await page.Post("device/passive/register", key.Registration(other).ToJsonString());

        Assert.Equal(NotProven, answer.ToJsonString());
        Assert.Equal(before, await Server.CountAsync("devices"));
    }

    public static TheoryData<string> OtherKeys =>
        ["P-384", "secp256k1", "RSA", "private", "certificate", "two", "not on the curve", "nothing", "raw signature"];

    [Theory]
    [MemberData(nameof(OtherKeys))]
    public async Task Only_a_key_on_P_256_is_taken(string kind)
    {
        using var key = new DeviceKey();
        var (page, _) = await BeginAsync();
        var before = await Server.CountAsync("devices");

        var answer = await page.Post("device/passive/register", OtherRegistration(kind, key, page.Challenge).ToJsonString());

        Assert.Equal(NotProven, answer.ToJsonString());
        Assert.Equal(before, await Server.CountAsync("devices"));
    }

    [Fact]
    public async Task A_key_in_lines_of_64_is_a_key()
    {
        using var key = new DeviceKey();
        var (page, _) = await BeginAsync();
        var base64 = key.Pem.Split('\n')[1];
        var pem = $"-----BEGIN PUBLIC KEY-----\r\n{base64[..64]}\r\n{base64[64..]}\r\n-----END PUBLIC KEY-----\r\n";

        var answer = await page.Post(
            "device/passive/register", DeviceKey.RegistrationOf(key.KeyId, pem, key.Sign(page.Challenge)).ToJsonString());

        Assert.NotNull(answer["data"]?["deviceId"]);
    }

    public static TheoryData<string, int> AlteredProofs => new()
    {
        { "signature", 0 }, { "signature", 3 }, { "signature", 20 }, { "signature", 50 }, { "signature", -1 }, { "signature", -3 },
        { "keyId", 0 }, { "keyId", 20 }, { "keyId", -1 },
    };

    [Theory]
    [MemberData(nameof(AlteredProofs))]
    public async Task A_proof_that_was_altered_by_one_character_proves_nothing_and_the_flow_goes_on(string member, int at)
    {
        using var key = new DeviceKey();
        await VisitAsync(key);
        var (page, flow) = await BeginAsync();
        var proof = key.Proof(page);
        proof[member] = Altered((string)proof[member]!, at);

        var answer = await page.Post("device/passive/verify", proof.ToJsonString());
        var again = await key.ProveAsync(page);

        Assert.Equal(NotProven, answer.ToJsonString());
        Assert.Equal(NotInThisFlow, again.ToJsonString());
        Assert.Equal("pending", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
    }

    [Fact]
    public async Task A_proof_with_an_altered_device_id_proves_nothing()
    {
        using var key = new DeviceKey();
        await VisitAsync(key);
        var (page, flow) = await BeginAsync();
        var proof = key.Proof(page);

        foreach (var at in (int[])[0, 9, 20, -1])
        {
            var altered = proof.DeepClone();
            altered["deviceId"] = Altered((string)proof["deviceId"]!, at);
            Assert.Equal(NoDevice, (await page.Post("device/passive/verify", altered.ToJsonString())).ToJsonString());
        }

        Assert.Equal("pending", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
    }

    [Fact]
    public async Task The_proof_of_one_device_is_none_of_another()
    {
        using var mine = new DeviceKey();
        using var theirs = new DeviceKey();
        await VisitAsync(mine);
        await VisitAsync(theirs);
        var (page, flow) = await BeginAsync();
        var proof = mine.Proof(page);
        proof["deviceId"] = theirs.DeviceId;

        var answer = await page.Post("device/passive/verify", proof.ToJsonString());

        Assert.Equal(NotProven, answer.ToJsonString());
        Assert.Equal("pending", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
    }

    [Fact]
    [Trait("attack", "T02")]
    public async Task The_proof_of_one_flow_is_none_of_another()
    {
        using var key = new DeviceKey();
        await VisitAsync(key);
        var (other, _) = await BeginAsync();
        var (page, flow) = await BeginAsync();

        var answer = await page.Post("device/passive/verify", key.Proof(other).ToJsonString());

        Assert.Equal(NotProven, answer.ToJsonString());
        Assert.Equal("pending", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
    }

    [Fact]
    public async Task A_registered_key_that_never_saw_a_proof_proves_nothing_and_is_tied_at_the_end()
    {
        using var key = new DeviceKey();
        var (page, _) = await BeginAsync();
        await key.RegisterAsync(page);
        var (nextPage, next) = await BeginAsync();

        var answer = await key.ProveAsync(nextPage);
        var reloaded = await key.ProveAsync(nextPage);
        await Server.ProveByCodeAsync(next);

        Assert.Equal((MobileStep, MobileStep), (answer.ToJsonString(), reloaded.ToJsonString()));
        Assert.Equal(key.DeviceId, (await Server.UnifyStatusAsync(next.Id)).Text("deviceId"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_of_another_number_proves_nothing_and_changes_hands_only_when_it_is_asked_for(bool rebind)
    {
        using var key = new DeviceKey();
        var first = await VisitAsync(key);
        var otherNumber = $"{Interlocked.Increment(ref s_numbers)}";
        var flow = await Server.BeginUnifyAsync("mobile", otherNumber, new JsonObject { ["rebind"] = rebind });

        var answer = await key.ProveAsync(Server.Browser(flow.AuthToken!));
        await Server.ProveByCodeAsync(flow);

        var status = await Server.UnifyStatusAsync(flow.Id);
        Assert.Equal(MobileStep, answer.ToJsonString());
        Assert.Equal(("true", rebind ? key.DeviceId : null), (status.Text("success"), status.TextOrNull("deviceId")));
        Assert.NotEqual(first.Text("proveId"), status.Text("proveId"));
        Assert.Equal((rebind ? status : first).Text("proveId"), (await FindAsync(key))!.IdentityId.ToString());

        var (page, _) = await BeginAsync();
        Assert.Equal(rebind ? MobileStep : Done, (await key.ProveAsync(page)).ToJsonString());
    }

    [Fact]
    public async Task A_key_of_an_identity_that_was_removed_proves_nothing()
    {
        using var key = new DeviceKey();
        var identities = Server.Services.GetRequiredService<IIdentityStore>();
        var number = PhoneNumber.Parse($"+1{_number}");
        var first = await VisitAsync(key);
        await identities.EnrolAsync(
            SandboxProject.Id, number, new IdentityDetails(), DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
        await identities.RemoveAsync(
            SandboxProject.Id, Guid.Parse(first.Text("proveId")), TimeProvider.System.GetUtcNow(), TestContext.Current.CancellationToken);
        var (page, _) = await BeginAsync();

        Assert.Equal(MobileStep, (await key.ProveAsync(page)).ToJsonString());
    }

    [Fact]
    public async Task The_first_key_of_a_flow_counts_and_may_be_registered_again()
    {
        using var first = new DeviceKey();
        using var second = new DeviceKey();
        var (page, flow) = await BeginAsync();
        var before = await Server.CountAsync("devices");

        var registered = await first.RegisterAsync(page);
        var repeated = await first.RegisterAsync(page);
        var other = await second.RegisterAsync(page);
        await Server.ProveByCodeAsync(flow);
        var tooLate = await first.RegisterAsync(page);

        Assert.Equal(registered.ToJsonString(), repeated.ToJsonString());
        Assert.Equal(NotInThisFlow, other.ToJsonString());
        Assert.Equal(AlreadyDecided, tooLate.ToJsonString());
        Assert.Equal(before + 1, await Server.CountAsync("devices"));
        Assert.Equal((string?)registered["data"]!["deviceId"], (await Server.UnifyStatusAsync(flow.Id)).Text("deviceId"));
    }

    [Fact]
    public async Task Of_two_browsers_at_once_in_one_flow_one_has_its_key_taken()
    {
        using var one = new DeviceKey();
        using var two = new DeviceKey();
        var (page, flow) = await BeginAsync();
        var before = await Server.CountAsync("devices");

        var answers = await Task.WhenAll(one.RegisterAsync(page), two.RegisterAsync(page));
        await Server.ProveByCodeAsync(flow);

        var taken = Assert.Single(answers, answer => answer["data"] is not null);
        Assert.Single(answers, answer => answer.ToJsonString() == NotInThisFlow);
        Assert.Equal(before + 1, await Server.CountAsync("devices"));
        Assert.Equal((string?)taken["data"]!["deviceId"], (await Server.UnifyStatusAsync(flow.Id)).Text("deviceId"));
    }

    [Fact]
    public async Task Two_browsers_of_one_person_have_a_key_each()
    {
        using var one = new DeviceKey();
        using var two = new DeviceKey();
        var first = await VisitAsync(one);
        var second = await VisitAsync(two);

        foreach (var key in (DeviceKey[])[one, two])
        {
            var (page, flow) = await BeginAsync();
            Assert.Equal(Done, (await key.ProveAsync(page)).ToJsonString());
            Assert.Equal(key.DeviceId, (await Server.UnifyStatusAsync(flow.Id)).Text("deviceId"));
        }

        Assert.Equal(first.Text("proveId"), second.Text("proveId"));
    }

    [Fact]
    public async Task A_hundred_parallel_registrations_of_one_key_make_one_device()
    {
        using var key = new DeviceKey();
        var (page, _) = await BeginAsync();
        var before = await Server.CountAsync("devices");
        var body = key.Registration(page).ToJsonString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => page.Post("device/passive/register", body)));

        Assert.Single(answers.Select(answer => answer.ToJsonString()).Distinct());
        Assert.NotNull(answers[0]["data"]?["deviceId"]);
        Assert.Equal(before + 1, await Server.CountAsync("devices"));
    }

    [Fact]
    public async Task Of_a_hundred_parallel_keys_of_one_flow_one_is_stored()
    {
        var keys = Enumerable.Range(0, 100).Select(_ => new DeviceKey()).ToList();
        var (page, _) = await BeginAsync();
        var before = await Server.CountAsync("devices");

        var answers = await Task.WhenAll(keys.Select(key => key.RegisterAsync(page)));

        keys.ForEach(key => key.Dispose());
        Assert.Single(answers, answer => answer["data"] is not null);
        Assert.Equal(99, answers.Count(answer => answer.ToJsonString() == NotInThisFlow));
        Assert.Equal(before + 1, await Server.CountAsync("devices"));
    }

    [Fact]
    public async Task A_hundred_parallel_proofs_decide_a_flow_once()
    {
        using var key = new DeviceKey();
        await VisitAsync(key);
        var (page, flow) = await BeginAsync();
        var proof = key.Proof(page).ToJsonString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => page.Post("device/passive/verify", proof)));

        Assert.All(answers, answer => Assert.Equal(Done, answer.ToJsonString()));
        var timeline =
            (await Reply.ReadAsync(await Server.Client.GetAsync("/sandbox/flows/" + flow.Id, TestContext.Current.CancellationToken))).Body;
        Assert.Equal(2, timeline.Split("possession proven by device-key").Length);
    }

    [Fact]
    public async Task A_known_key_spares_the_relying_partys_own_check()
    {
        using var key = new DeviceKey();
        var first = await VisitAsync(key);
        var (page, flow) = await BeginAsync("none");
        var before = await Server.UnifyStatusAsync(flow.Id);

        var answer = await key.ProveAsync(page);

        var status = await Server.UnifyStatusAsync(flow.Id);
        Assert.Equal("possession_required", before.Text("success"));
        Assert.Equal(Done, answer.ToJsonString());
        Assert.Equal(
            ("true", first.Text("proveId"), key.DeviceId), (status.Text("success"), status.Text("proveId"), status.Text("deviceId")));
        Assert.Equal("403 8003 step not allowed", (await Server.UnifyBindAsync(flow.Id, _number)).Fault);
    }

    [Fact]
    public async Task A_new_key_is_tied_by_the_relying_partys_own_check()
    {
        using var key = new DeviceKey();
        var (page, flow) = await BeginAsync("none");

        var registered = await key.RegisterAsync(page);
        var reloaded = await key.ProveAsync(page);
        var before = await Server.UnifyStatusAsync(flow.Id);
        var bound = await Server.UnifyBindAsync(flow.Id, _number);

        Assert.Equal(("done", key.DeviceId), ((string?)registered["next"], (string?)registered["data"]!["deviceId"]));
        Assert.Equal(Done, reloaded.ToJsonString());
        Assert.Equal("possession_required", before.Text("success"));
        Assert.Equal(("true", key.DeviceId), (bound.Text("success"), bound.Text("deviceId")));
    }

    [Fact]
    public async Task A_key_of_another_number_does_not_spare_the_own_check()
    {
        using var key = new DeviceKey();
        await VisitAsync(key);
        var flow = await Server.BeginUnifyAsync("none", $"{Interlocked.Increment(ref s_numbers)}");

        var answer = await key.ProveAsync(Server.Browser(flow.AuthToken!));

        Assert.Equal(Done, answer.ToJsonString());
        Assert.Equal("possession_required", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
    }

    [Fact]
    public async Task A_wrong_proof_leaves_the_own_check_to_the_relying_party()
    {
        using var key = new DeviceKey();
        await VisitAsync(key);
        var (other, _) = await BeginAsync("none");
        var (page, flow) = await BeginAsync("none");

        var answer = await page.Post("device/passive/verify", key.Proof(other).ToJsonString());
        var again = await key.ProveAsync(page);

        Assert.Equal("""{"next":"done","error":{"code":10001,"message":"the device key was not proven"}}""", answer.ToJsonString());
        Assert.Equal("""{"next":"done","error":{"code":10003,"message":"this step is not part of the flow"}}""", again.ToJsonString());
        Assert.Equal("possession_required", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
        Assert.Equal("true", (await Server.UnifyBindAsync(flow.Id, _number)).Text("success"));
    }

    [Theory]
    [InlineData("unify", "desktop", "mobile/instantlink")]
    [InlineData("verify", "desktop", "mobile/instantlink")]
    [InlineData("verify", "mobile", "mobile/instant")]
    public async Task A_flow_without_device_keys_takes_none(string product, string type, string next)
    {
        using var known = new DeviceKey();
        using var key = new DeviceKey();
        await VisitAsync(known);
        var flow = product == "unify" ? await Server.BeginUnifyAsync(type, _number) : await Server.BeginAsync(type, _number);
        var page = Server.Browser(flow.AuthToken!);
        var before = await Server.CountAsync("devices");

        var register = await key.RegisterAsync(page);
        var verify = await known.ProveAsync(page);
        var error = await page.Post("device/passive/error");

        var refused = $$$"""{"next":"{{{next}}}","error":{"code":10003,"message":"this step is not part of the flow"}}""";
        Assert.Equal((refused, refused), (register.ToJsonString(), verify.ToJsonString()));
        Assert.Equal(next, (string?)error["next"]);
        Assert.Equal(before, await Server.CountAsync("devices"));
    }

    [Theory]
    [InlineData("mobile/instant/start")]
    [InlineData("mobile/otp/start")]
    [InlineData("device/passive/error")]
    public async Task A_flow_that_has_gone_on_takes_no_key_any_more(string step)
    {
        using var known = new DeviceKey();
        using var key = new DeviceKey();
        await VisitAsync(known);
        var (page, flow) = await BeginAsync();
        await page.Post(step);
        var before = await Server.CountAsync("devices");

        var register = await key.RegisterAsync(page);
        var verify = await known.ProveAsync(page);

        Assert.Equal((10003, 10003), ((int)register["error"]!["code"]!, (int)verify["error"]!["code"]!));
        Assert.StartsWith("mobile/", (string?)register["next"], StringComparison.Ordinal);
        Assert.Equal(before, await Server.CountAsync("devices"));
        Assert.Equal("pending", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
    }

    [Fact]
    public async Task A_decided_flow_takes_no_key()
    {
        using var known = new DeviceKey();
        using var key = new DeviceKey();
        await VisitAsync(known);
        var (page, flow) = await BeginAsync();
        await Server.ProveByCodeAsync(flow);
        var before = await Server.CountAsync("devices");

        var register = await key.RegisterAsync(page);
        var verify = await known.ProveAsync(page);

        Assert.Equal((AlreadyDecided, AlreadyDecided), (register.ToJsonString(), verify.ToJsonString()));
        Assert.Equal(before, await Server.CountAsync("devices"));
        Assert.Null((await Server.UnifyStatusAsync(flow.Id)).TextOrNull("deviceId"));
    }

    [Theory]
    [InlineData("passive")]
    [InlineData("universal")]
    public async Task A_browser_that_cannot_keep_a_key_says_so_as_often_as_it_likes_and_goes_on(string kind)
    {
        var (page, flow) = await BeginAsync();

        var first = await page.Post($"device/{kind}/error", """{"message":"IndexedDB is not there"}""");
        var second = await page.Post($"device/{kind}/error", """{"code":10002}""");
        await Server.ProveByCodeAsync(flow);
        var late = await page.Post($"device/{kind}/error");

        Assert.Equal((MobileStep, MobileStep, Done), (first.ToJsonString(), second.ToJsonString(), late.ToJsonString()));
        Assert.Equal("true", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1,{\"a\":[]}]")]
    [InlineData("\"none\"")]
    [InlineData("{\"fingerprint\":{\"results\":{\"a\":{\"b\":[1,2]}}}}")]
    [InlineData("{\"fingerprint\":{\"error\":\"no module\"}}")]
    public async Task Signals_may_have_any_shape(string signals)
    {
        using var key = new DeviceKey();
        var (page, _) = await BeginAsync();
        var registration = key.Registration(page);
        registration["signals"] = JsonNode.Parse(signals);

        var answer = await page.Post("device/passive/register", registration.ToJsonString());

        Assert.NotNull(answer["data"]?["deviceId"]);
    }

    public static TheoryData<string, string, string> Malformed => new()
    {
        { "device/passive/register", "{}", "field 'registrations' is missing" },
        { "device/passive/register", """{"registrations":[]}""", "field 'registrations' is invalid: must have 1 to 1 entries" },
        { "device/passive/register", """{"registrations":{}}""", "field 'registrations' is invalid: must be a list" },
        { "device/passive/register", """{"registrations":[1]}""", "field 'registrations[0]' is invalid: must be an object" },
        { "device/passive/register", """{"registrations":[{},{}]}""", "field 'registrations' is invalid: must have 1 to 1 entries" },
        {
            "device/passive/register", """{"registrations":[{}]}""",
            "field 'registrations[0].publicKey' is missing; field 'registrations[0].signature' is missing"
        },
        {
            "device/passive/register",
            """{"deviceName":1,"deviceCapabilities":[2],"registrations":[{"publicKey":{"id":"a b","alg":"RS256","key":3}"""
                + ""","signature":""}]}""",
            "field 'deviceName' is invalid: must be text; field 'deviceCapabilities[0]' is invalid: must be text; "
                + "field 'registrations[0].publicKey.id' is invalid: must be 1 to 128 visible ASCII characters; "
                + "field 'registrations[0].publicKey.alg' is invalid: must be ES256; field 'registrations[0].publicKey.key' is invalid: "
                    + "must be text; "
                + "field 'registrations[0].signature' is missing"
        },
        { "device/passive/verify", "{}", "field 'deviceId' is missing; field 'keyId' is missing; field 'signature' is missing" },
        { "device/passive/verify", """{"deviceId":"a","keyId":1,"signature":[]}""",
            "field 'keyId' is invalid: must be text; field 'signature' is invalid: must be text" },
        { "challenge", "{}", "field 'deviceId' is missing" },
        { "challenge", """{"deviceId":{}}""", "field 'deviceId' is invalid: must be text" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_body_names_every_bad_field(string path, string body, string message)
    {
        var (page, flow) = await BeginAsync();

        var reply = await page.SendAsync(path, body);

        Assert.Equal((400, 8001, message), (reply.Status, reply.Code, reply.Message));
        Assert.Equal("pending", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
    }

    [Fact]
    public async Task A_device_is_registered_under_the_public_address_and_under_no_other()
    {
        async Task<string> NamespaceAsync(string origin)
        {
            await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:PublicUrl"] = origin });
            var flow = await server.BeginUnifyAsync("mobile", _number);
            return (string)server.Browser(flow.AuthToken!).Claims["auth"]!["ans"]!;
        }

        var here = await NamespaceAsync("https://id.example.com");

        Assert.Equal(here, await NamespaceAsync("https://id.example.com"));
        Assert.NotEqual(here, await NamespaceAsync("https://id2.example.com"));
        Assert.NotEqual(here, await NamespaceAsync("http://id.example.com"));
    }

    [Fact]
    public async Task Each_project_has_its_own_devices_in_one_browser()
    {
        var shop = await Server.AddProjectAsync("namespace-shop");
        var mine = await Server.BeginUnifyAsync("mobile", _number);
        var theirs = await Server.BeginUnifyAsync("mobile", _number, credentials: shop);

        Assert.NotEqual(
            (string?)Server.Browser(mine.AuthToken!).Claims["auth"]!["ans"],
            (string?)Server.Browser(theirs.AuthToken!).Claims["auth"]!["ans"]);
    }

    /// <summary>Another letter of the same alphabet, from the end when negative; what is no letter of it becomes one.</summary>
    internal static string Altered(string text, int at)
    {
        var place = at < 0 ? text.Length + at : at;
        return text[..place] + (text[place] == 'b' ? 'c' : 'b') + text[(place + 1)..];
    }

    private static JsonObject OtherRegistration(string kind, DeviceKey key, string challenge)
    {
        using var other = kind == "P-384" ? ECDsa.Create(ECCurve.NamedCurves.nistP384)
            : ECDsa.Create(ECCurve.CreateFromFriendlyName("secp256k1"));
        using var rsa = RSA.Create(2048);
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var offCurve = Convert.FromBase64String(key.Pem.Split('\n')[1]);
        offCurve[^1] ^= 1;
        var (pem, signature) = kind switch
        {
            "P-384" or "secp256k1" => (DeviceKey.PemOf(other), DeviceKey.SignatureOf(other, challenge)),
            "RSA" => (DeviceKey.PemOf(rsa),
                Convert.ToBase64String(
                    rsa.SignData(Encoding.UTF8.GetBytes(challenge), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))),
            "private" => (p256.ExportPkcs8PrivateKeyPem(), DeviceKey.SignatureOf(p256, challenge)),
            "certificate" => (key.Pem.Replace("PUBLIC KEY", "CERTIFICATE", StringComparison.Ordinal), key.Sign(challenge)),
            "two" => (key.Pem + "\n" + key.Pem, key.Sign(challenge)),
            "not on the curve" =>
                ($"-----BEGIN PUBLIC KEY-----\n{Convert.ToBase64String(offCurve)}\n-----END PUBLIC KEY-----", key.Sign(challenge)),
            "raw signature" =>
                (DeviceKey.PemOf(p256), Convert.ToBase64String(p256.SignData(Encoding.UTF8.GetBytes(challenge), HashAlgorithmName.SHA256))),
            _ => ("nothing", "nothing"),
        };
        return DeviceKey.RegistrationOf(key.KeyId, pem, signature);
    }

    private async Task<(Page Page, Begun Flow)> BeginAsync(string type = "mobile")
    {
        var flow = await Server.BeginUnifyAsync(type, _number);
        return (Server.Browser(flow.AuthToken!), flow);
    }

    /// <summary>A first visit, to its end.</summary>
    private async Task<Reply> VisitAsync(DeviceKey key)
    {
        var (page, flow) = await BeginAsync();
        await key.RegisterAsync(page);
        await Server.ProveByCodeAsync(flow);
        return await Server.UnifyStatusAsync(flow.Id);
    }

    private Task<Device?> FindAsync(DeviceKey key) =>
        Server.Services.GetRequiredService<IDeviceStore>().FindAsync(Guid.Parse(key.DeviceId), TestContext.Current.CancellationToken);
}

public sealed class DeviceKeysOnSqlite(OnSqlite fixture) : DeviceKeyTests(fixture), IClassFixture<OnSqlite>;

public sealed class DeviceKeysOnPostgres(OnPostgres fixture) : DeviceKeyTests(fixture), IClassFixture<OnPostgres>;
