using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Receipts;
using Countersign.Core.Texts;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Storage.Tests;

/// <summary>What is in the databases of others. A failure here means that a new release cannot read what an old one stored.</summary>
public sealed class StoredJsonTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Id = "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a";
    private static readonly DateTimeOffset _now = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero).AddTicks(1);

    private static readonly Flow _flow = new()
    {
        Id = CorrelationId.Parse("019aaaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee"),
        ProjectId = ProjectId.Parse("shop"),
        Tail = new VerifiedUserState.AwaitingPossession(),
        Type = FlowType.Mobile,
        Number = Sample.Number,
        Name = new PersonName("Lori", "Montgomery"),
        CreatedAt = _now,
        ExpiresAt = _now.AddMinutes(15),
        Possession = new PossessionState.NotApplicable(),
    };

    public static TheoryData<string, PossessionState> Possessions => new()
    {
        {
            """{"is":"ready","plan":{"method":"mobile-auth","then":{"method":"otp"}}}""",
            new PossessionState.Ready(PossessionPlan.Mobile)
        },
        {
            """{"is":"ready","plan":{"method":"instant-link"}}""",
            new PossessionState.Ready(PossessionPlan.Desktop)
        },
        {
            $$$"""
            {"is":"challenged","plan":{"method":"otp"},"challenge":{"proof":"{{{Hash}}}",
            "sentAt":"2026-11-22T10:00:00.0000001+00:00","deadline":"2026-11-22T10:02:00.0000001+00:00",
            "limits":{"entries":3,"resends":2,"numberChanges":1}},
            "wrongEntries":1,"resends":2,"numberChanges":3}
            """.ReplaceLineEndings(""),
            new PossessionState.Challenged(
                new PossessionPlan(PossessionMethod.Otp),
                new Challenge(new SecretHash(Hash), _now, _now.AddMinutes(2), new ChallengeLimits(3, 2, 1)),
                WrongEntries: 1,
                Resends: 2,
                NumberChanges: 3)
        },
        {
            $$$"""
            {"is":"challenged","plan":{"method":"otp"},"challenge":{"proof":"{{{Hash}}}",
            "sentAt":"2026-11-22T10:00:00.0000001+00:00","deadline":"2026-11-22T10:02:00.0000001+00:00",
            "limits":{"entries":3,"resends":0,"numberChanges":0}},
            "wrongEntries":0,"resends":0,"numberChanges":0,"hasArrived":false}
            """.ReplaceLineEndings(""),
            new PossessionState.Challenged(
                new PossessionPlan(PossessionMethod.Otp),
                new Challenge(new SecretHash(Hash), _now, _now.AddMinutes(2), new ChallengeLimits(3)), HasArrived: false)
        },
        { """{"is":"succeeded","method":"instant-link"}""", new PossessionState.Succeeded(PossessionMethod.InstantLink) },
        { """{"is":"failed","reason":"Expired"}""", new PossessionState.Failed(PossessionFailure.Expired) },
        { """{"is":"failed","reason":"Expired","isUndelivered":true}""",
            new PossessionState.Failed(PossessionFailure.Expired, IsUndelivered: true) },
        { """{"is":"failed","reason":"WrongProof"}""", new PossessionState.Failed(PossessionFailure.WrongProof) },
        { """{"is":"failed","reason":"Unavailable"}""", new PossessionState.Failed(PossessionFailure.Unavailable) },
        { """{"is":"failed","reason":"GivenUp"}""", new PossessionState.Failed(PossessionFailure.GivenUp) },
        { """{"is":"failed","reason":"Declined"}""", new PossessionState.Failed(PossessionFailure.Declined) },
        { """{"is":"failed","reason":"Cancelled"}""", new PossessionState.Failed(PossessionFailure.Cancelled) },
        { """{"is":"not-applicable"}""", new PossessionState.NotApplicable() },
    };

    public static TheoryData<string, VerifiedUserState> VerifiedUsers => new()
    {
        { """{"is":"awaiting-possession"}""", new VerifiedUserState.AwaitingPossession() },
        { """{"is":"matching","retakeAt":"2026-11-22T10:00:00.0000001+00:00"}""", new VerifiedUserState.Matching(_now) },
        {
            """{"is":"done","identity":{"match":"Matched","isSourceDown":false},"risk":{"wasSimSwapped":true}}""",
            new VerifiedUserState.Done(new IdentityAnswer(IdentityMatch.Matched), new PhoneRisk(true))
        },
        {
            """{"is":"done","identity":{"match":"Differs","isSourceDown":false},"risk":{"wasSimSwapped":false}}""",
            new VerifiedUserState.Done(new IdentityAnswer(IdentityMatch.Differs), new PhoneRisk(false))
        },
        {
            """{"is":"done","identity":{"match":"NotAvailable","isSourceDown":true},"risk":{}}""",
            new VerifiedUserState.Done(IdentityAnswer.SourceDown, PhoneRisk.Unknown)
        },
        { """{"is":"done","risk":{}}""", new VerifiedUserState.Done(null, PhoneRisk.Unknown) },
    };

    public static TheoryData<string, UnifyState> Unifications => new()
    {
        { """{"is":"awaiting-possession"}""", new UnifyState.AwaitingPossession() },
        { """{"is":"awaiting-own-check"}""", new UnifyState.AwaitingOwnCheck() },
        { """{"is":"binding","retakeAt":"2026-11-22T10:00:00.0000001+00:00"}""", new UnifyState.Binding(_now) },
        { """{"is":"done"}""", new UnifyState.Done(null) },
        { """{"is":"done","obstacle":"Cancelled"}""", new UnifyState.Done(null, Obstacle: BindingObstacle.Cancelled) },
        { $$$"""{"is":"done","identity":{"proveId":"{{{Id}}}"}}""", new UnifyState.Done(new BoundIdentity(new Guid(Id), null)) },
        {
            $$$"""{"is":"done","identity":{"proveId":"{{{Id}}}","deviceId":"{{{Id}}}"},"risk":{"wasSimSwapped":true}}""",
            new UnifyState.Done(new BoundIdentity(new Guid(Id), new Guid(Id)), new PhoneRisk(true))
        },
    };

    [Theory]
    [MemberData(nameof(Unifications))]
    public void A_unification_is_stored_as_ever(string json, UnifyState state)
    {
        var flow = _flow with { Tail = new UnifyProgress(state, new Guid(Id), true, "human") };
        var golden = $$"""{"state":{{json}},"deviceId":"{{Id}}","rebinds":true,"clientHumanId":"human"}""";

        var stored = JsonSerializer.Serialize(flow, StoredJson.Default.Flow);

        Assert.Contains($"\"unify\":{golden}", stored, StringComparison.Ordinal);
        Assert.Equal(flow.Tail, JsonSerializer.Deserialize(stored, StoredJson.Default.Flow)!.Tail);
    }

    [Theory]
    [MemberData(nameof(Possessions))]
    public void A_possession_is_stored_as_ever(string json, PossessionState state)
    {
        AssertStoredAs(Golden(possession: json), _flow with { Possession = state });
    }

    [Theory]
    [MemberData(nameof(VerifiedUsers))]
    public void A_verified_user_is_stored_as_ever(string json, VerifiedUserState state)
    {
        AssertStoredAs(Golden(verifiedUser: json), _flow with { Tail = state });
    }

    [Theory]
    [InlineData(",\"clientRequestId\":\"order-1\"")]
    [InlineData(",\"clientRequestId\":null")]
    [InlineData("")]
    public void Of_a_flow_that_a_former_version_told_of_it_is_looked_whether_the_relying_party_named_it(string named)
    {
        var subject = $$"""{"product":"VerifiedUsers","kind":"Mobile"{{named}}}""";

        var announcement = JsonSerializer.Deserialize(
            $$"""{"id":"{{Id}}","type":"flow.started","at":"2026-11-22T10:00:00+00:00","project":"shop","subject":{{subject}}}""",
            StoredJson.Default.Announcement)!;
        var text = JsonSerializer.Deserialize(
            $$"""
            {"to":"\u002B12025550142","text":"t","proof":"p","createdAt":"2026-11-22T10:00:00+00:00",
            "expiresAt":"2026-11-22T10:02:00+00:00","subject":{{subject}}}
            """,
            StoredJson.Default.TextBody)!;

        Assert.Equal(new FlowSubject(Product.VerifiedUsers, FlowType.Mobile, HasClientRequestId: true), announcement.Subject);
        Assert.Equal(announcement.Subject, text.Subject);
    }

    [Fact]
    public void An_event_and_a_webhook_keep_their_names()
    {
        var announcement = new Announcement
        {
            Id = Guid.Parse(Id), Type = AnnouncementType.FlowFinished, At = _now, Project = Sample.Shop, Flow = _flow.Id,
            Subject = new FlowSubject(Product.VerifiedUsers, FlowType.Mobile), Method = "otp",
            End = "identity.matched", Reason = "exact", Device = Guid.Parse(Id), Text = "otp",
        };
        var webhook = new WebhookBody(
            Sample.Shop, new Uri("https://shop.example/hook?a=b"), ["flow.finished"], IsOn: true, new Secret("whsec_a"),
            new Secret("whsec_b"), _now, _now);

        Assert.Equal(
            """
            {"id":"019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a","type":"flow.finished","at":"2026-11-22T10:00:00.0000001+00:00","project":"shop",
            "flow":"019aaaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee","subject":{"product":"VerifiedUsers","kind":"Mobile","hasClientRequestId":true},
            "method":"otp","end":"identity.matched","reason":"exact",
            "device":"019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a","text":"otp"}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(announcement, StoredJson.Default.Announcement));
        Assert.Equal(
            """
            {"project":"shop","url":"https://shop.example/hook?a=b","types":["flow.finished"],"isOn":true,"secret":"whsec_a",
            "former":"whsec_b","formerEndsAt":"2026-11-22T10:00:00.0000001+00:00","createdAt":"2026-11-22T10:00:00.0000001+00:00"}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(webhook, StoredJson.Default.WebhookBody));
        Assert.Equal(
            announcement,
            JsonSerializer.Deserialize(
                JsonSerializer.Serialize(announcement, StoredJson.Default.Announcement), StoredJson.Default.Announcement));
    }

    [Fact]
    public void Every_member_of_a_flow_is_stored_as_ever()
    {
        var flow = _flow with
        {
            Type = FlowType.Desktop,
            FinalTargetUrl = "https://shop.example/done",
            SmsMessage = "Tap ####",
            AllowsOtpRetry = true,
            TellsAssurance = true,
            ClientRequestId = "request",
            ClientCustomerId = "customer",
            ReceiptSeed = new Secret("seed"),
            MatchDigits = new SecretHash(Hash),
            Timeline = [new FlowEvent(_now, FlowEventCode.OtpBegun),
                new FlowEvent(_now, FlowEventCode.MobileAuthRefused) { Reason = FlowReason.AnotherNumber, Next = "otp" }],
            Version = 7,
        };

        AssertStoredAs(
            $$"""
            {"id":"019aaaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee","projectId":"shop","product":"VerifiedUsers","type":"Desktop",
            "number":"\u002B12025550142","name":{"given":"Lori","family":"Montgomery"},
            "createdAt":"2026-11-22T10:00:00.0000001+00:00","expiresAt":"2026-11-22T10:15:00.0000001+00:00",
            "finalTargetUrl":"https://shop.example/done","smsMessage":"Tap ####","allowsOtpRetry":true,
            "tellsAssurance":true,
            "clientRequestId":"request","clientCustomerId":"customer","receiptSeed":"seed","matchDigits":"{{Hash}}",
            "possession":{"is":"not-applicable"},"verifiedUser":{"is":"awaiting-possession"},
            "timeline":[{"at":"2026-11-22T10:00:00.0000001+00:00","code":"otp.begun"},
            {"at":"2026-11-22T10:00:00.0000001+00:00","code":"mobile-auth.refused","next":"otp","reason":"another-number"}]}
            """.ReplaceLineEndings(""),
            flow);
    }

    [Fact]
    public void Every_member_of_an_outcome_is_stored_as_ever()
    {
        var outcome = new Outcome
        {
            Id = _flow.Id,
            ProjectId = _flow.ProjectId,
            Client = ClientId.Parse("client"),
            Product = Product.PreFill,
            Type = FlowType.Mobile,
            BegunAt = _now,
            EndedAt = _now,
            ExpiresAt = _now,
            End = FlowEnd.Unavailable,
            Reason = FlowReason.NoGateway,
            Possession = PossessionVerdict.Failed,
            Method = "otp",
            Question = "Prefill",
            IsNumberChanged = true,
            Line = LinePseudonym.New(),
            Country = "US",
            Prefix = "1202555",
            ClientRequestId = "request",
            ClientCustomerId = "customer",
            Facts = [new FlowEvent(_now, FlowEventCode.OtpBegun)],
            Texts =
            [
                new OutcomeText(TextKind.Otp, _now, TextState.Delivered, 2,
                [
                    new TextAttempt(
                        GatewayName.Parse("main"), _now, AwaitsHandover: false, AttemptState.Delivered, _now,
                        Cost: new AttemptCost(0.015m, ProjectId.Parse("shop"), IsOfServer: true)),
                ]),
            ],
            Assurance = new FlowAssurance
            {
                Method = "otp", Channel = "text", Binding = "code", IsPhishingResistant = false, IsSameDevice = true,
                SimSwap = "within-day", WasRecycled = true, Line = "voip", Names = new NameAssurance("exact", 100, 2),
            },
            Commitments = ["one", "other"],
            Currency = "USD",
        };
        const string at = "\"2026-11-22T10:00:00.0000001+00:00\"";

        var stored = JsonSerializer.Serialize(outcome, StoredJson.Default.Outcome);

        Assert.Equal(
            $$$"""
            {"id":"019aaaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee","projectId":"shop","client":"client","product":"PreFill","type":"Mobile",
            "begunAt":{{{at}}},"endedAt":{{{at}}},"expiresAt":{{{at}}},"end":"possession.unavailable","reason":"no-gateway",
            "possession":"Failed","method":"otp","question":"Prefill","isNumberChanged":true,"country":"US","prefix":"1202555",
            "clientRequestId":"request","facts":[{"at":{{{at}}},"code":"otp.begun"}],
            "texts":[{"kind":"Otp","createdAt":{{{at}}},"state":"Delivered","segments":2,
            "attempts":[{"gateway":"main","begunAt":{{{at}}},"awaitsHandover":false,"state":"Delivered","changedAt":{{{at}}},
            "cost":{"amount":0.015,"project":"shop","isOfServer":true}}]}],
            "assurance":{"method":"otp","channel":"text","binding":"code","phishingResistant":false,"sameDevice":true,
            "simSwap":"within-day","recycled":true,"line":"voip","names":{"rule":"exact","score":100,"matcher":2}},
            "commitments":["one","other"],"currency":"USD"}
            """.ReplaceLineEndings(""),
            stored);
        Assert.Equal(stored, JsonSerializer.Serialize(
            JsonSerializer.Deserialize(stored, StoredJson.Default.Outcome)!, StoredJson.Default.Outcome));
    }

    [Fact]
    public void A_timeline_of_sentences_is_read()
    {
        var stored = JsonSerializer.Serialize(_flow, StoredJson.Default.Flow)
            .Replace("\"timeline\":[]", "\"timeline\":[{\"at\":\"2026-11-22T10:00:00+00:00\",\"what\":\"otp begun\"}]",
                StringComparison.Ordinal);

        var read = JsonSerializer.Deserialize(stored, StoredJson.Default.Flow)!;

        Assert.Equal(
            [new FlowEvent(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero), null) { What = "otp begun" }], read.Timeline);
    }

    [Theory]
    [InlineData("\"what\":\"number changed\"", true)]
    [InlineData("\"code\":\"number.changed\"", true)]
    [InlineData("\"what\":\"otp begun\"", false)]
    [InlineData("\"code\":\"otp.begun\"", false)]
    public void A_flow_whose_number_was_changed_before_that_was_stored_as_a_member_is_known_by_its_timeline(string fact, bool isChanged)
    {
        var stored = JsonSerializer.Serialize(_flow, StoredJson.Default.Flow)
            .Replace(
                "\"timeline\":[]",
                $$"""
                "timeline":[{"at":"2026-11-22T10:00:00+00:00",{{fact}}},{"at":"2026-11-22T10:00:01+00:00","code":"possession.proven"}]
                """,
                StringComparison.Ordinal);

        var read = JsonSerializer.Deserialize(stored, StoredJson.Default.Flow)!;

        Assert.Equal(isChanged, read.IsNumberChanged);
    }

    [Fact]
    public void A_unify_flow_that_asks_for_a_passkey_is_stored_as_ever()
    {
        var flow = _flow with
        {
            Name = null,
            Tail = new UnifyProgress(
                new UnifyState.AwaitingPossession(), Guid.Parse("019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a"), Rebinds: true,
                ClientHumanId: "human", Passkey: new AskedPasskey("https://shop.example", Registration: "made", Assertion: "used")),
        };

        AssertStoredAs(
            """
            {"id":"019aaaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee","projectId":"shop","product":"Unify","type":"Mobile","number":"\u002B12025550142",
            "createdAt":"2026-11-22T10:00:00.0000001+00:00","expiresAt":"2026-11-22T10:15:00.0000001+00:00",
            "allowsOtpRetry":false,"possession":{"is":"not-applicable"},
            "unify":{"state":{"is":"awaiting-possession"},"deviceId":"019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a","rebinds":true,
            "clientHumanId":"human",
            "passkey":{"origin":"https://shop.example","registration":"made","assertion":"used"}},"timeline":[]}
            """.ReplaceLineEndings(""),
            flow);
    }

    public static TheoryData<string, ProductState> RowsOfBefore => new()
    {
        { "\"verifiedUser\":{\"is\":\"matching\",\"retakeAt\":\"2026-11-22T10:00:00.0000001+00:00\"}",
            new VerifiedUserState.Matching(_now) },
        { "\"verifiedUser\":{\"is\":\"done\",\"risk\":{}}", new VerifiedUserState.Done(null, PhoneRisk.Unknown) },
        {
            "\"preFill\":{\"shape\":\"PreFill\",\"state\":{\"is\":\"awaiting-possession\"},\"birthDate\":\"1981-01\",\"ssn\":\"0596\"}",
            new PreFillProgress(StartShape.PreFill, new PreFillState.AwaitingPossession(), PartialDate.Parse("1981-01"), Ssn.Parse("0596"))
        },
        {
            "\"preFill\":{\"shape\":\"PreFill\",\"state\":{\"is\":\"challenging\",\"retakeAt\":\"2026-11-22T10:00:00.0000001+00:00\"}}",
            new PreFillProgress(StartShape.PreFill, new PreFillState.Challenging(_now))
        },
        {
            "\"preFill\":{\"shape\":\"Identity\",\"state\":{\"is\":\"awaiting-complete\",\"isChallenged\":false}}",
            new PreFillProgress(StartShape.Identity, new PreFillState.AwaitingComplete(IsChallenged: false))
        },
        {
            "\"preFill\":{\"shape\":\"Identity\",\"state\":{\"is\":\"failed\"}}",
            new PreFillProgress(StartShape.Identity, new PreFillState.Failed())
        },
        { "\"unify\":{\"state\":{\"is\":\"awaiting-own-check\"},\"rebinds\":false}", new UnifyProgress(new UnifyState.AwaitingOwnCheck()) },
        {
            "\"unify\":{\"state\":{\"is\":\"binding\",\"retakeAt\":\"2026-11-22T10:00:00.0000001+00:00\"},\"rebinds\":false,"
                + $"\"askedFor\":\"{Id}\",\"keyHolder\":\"{Id}\"}}",
            new UnifyProgress(new UnifyState.Binding(_now), AskedFor: new Guid(Id), KeyHolder: new Guid(Id))
        },
        {
            "\"unify\":{\"state\":{\"is\":\"binding\",\"retakeAt\":\"2026-11-22T10:00:00.0000001+00:00\"},\"rebinds\":false,"
                + $"\"keyHolder\":\"{Id}\",\"rememberedFor\":\"{Id}\"}}",
            new UnifyProgress(new UnifyState.Binding(_now), KeyHolder: new Guid(Id), RememberedFor: new Guid(Id))
        },
    };

    /// <summary>Rows as versions wrote them whose flows had a member for each product.</summary>
    [Theory]
    [MemberData(nameof(RowsOfBefore))]
    public void A_row_has_one_name_for_what_each_product_keeps(string kept, ProductState tail)
    {
        var json = Golden().Replace("\"product\":\"VerifiedUsers\"", $"\"product\":\"{tail.Product}\"", StringComparison.Ordinal)
            .Replace("\"verifiedUser\":{\"is\":\"awaiting-possession\"}", kept, StringComparison.Ordinal);

        AssertStoredAs(json, _flow with { Tail = tail });
    }

    [Fact]
    public void A_row_without_any_of_them_is_refused() => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(
        Golden().Replace(",\"verifiedUser\":{\"is\":\"awaiting-possession\"}", "", StringComparison.Ordinal), StoredJson.Default.Flow));

    [Theory]
    [InlineData("Desktop", FlowType.Desktop)]
    [InlineData("Mobile", FlowType.Mobile)]
    [InlineData("None", FlowType.None)]
    public void A_flow_type_is_stored_as_ever(string name, FlowType type)
    {
        AssertStoredAs(Golden(type: name), _flow with { Type = type });
    }

    [Fact]
    public void A_moment_is_kept_to_its_last_tick_and_in_its_offset()
    {
        var moment = new DateTimeOffset(2026, 11, 22, 12, 30, 0, TimeSpan.FromHours(2)).AddTicks(1234567);

        var stored = JsonSerializer.Serialize(_flow with { CreatedAt = moment }, StoredJson.Default.Flow);
        var read = JsonSerializer.Deserialize(stored, StoredJson.Default.Flow)!;

        Assert.True(moment.EqualsExact(read.CreatedAt));
    }

    private static void AssertStoredAs(string json, Flow flow)
    {
        Assert.Equal(json, JsonSerializer.Serialize(flow, StoredJson.Default.Flow));
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize(json, StoredJson.Default.Flow), StoredJson.Default.Flow));

        var read = JsonSerializer.Deserialize(json, StoredJson.Default.Flow)!;
        Assert.Equal(flow.Possession, read.Possession);
        Assert.Equal(flow.Tail, read.Tail);
        Assert.Equal(flow.Product, read.Product);
    }

    [Fact]
    public void A_passkey_is_stored_as_ever()
    {
        const string json = """{"publicKey":"AQID","isBackupEligible":true,"isBackedUp":false,"transports":["internal"]}""";

        var stored = JsonSerializer.Serialize(
            new PasskeyBody([1, 2, 3], IsBackupEligible: true, IsBackedUp: false, ["internal"]), StoredJson.Default.PasskeyBody);

        Assert.Equal(json, stored);
        Assert.Equivalent(
            new PasskeyBody([1, 2, 3], IsBackupEligible: true, IsBackedUp: false, ["internal"]),
            JsonSerializer.Deserialize(json, StoredJson.Default.PasskeyBody));
    }

    private static string Golden(
        string type = "Mobile", string possession = """{"is":"not-applicable"}""",
        string verifiedUser = """{"is":"awaiting-possession"}""") =>
        $$"""
        {"id":"019aaaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee","projectId":"shop","product":"VerifiedUsers","type":"{{type}}",
        "number":"\u002B12025550142","name":{"given":"Lori","family":"Montgomery"},
        "createdAt":"2026-11-22T10:00:00.0000001+00:00","expiresAt":"2026-11-22T10:15:00.0000001+00:00",
        "allowsOtpRetry":false,"possession":{{possession}},"verifiedUser":{{verifiedUser}},"timeline":[]}
        """.ReplaceLineEndings("");
}
