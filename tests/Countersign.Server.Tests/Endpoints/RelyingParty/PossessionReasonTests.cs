using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Projects;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;
using Countersign.Server.Endpoints.RelyingParty;
using Countersign.Server.Endpoints.RelyingParty.PreFill;
using Countersign.Server.Endpoints.RelyingParty.Unification;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.RelyingParty;

/// <summary>Beside 9100 the answer says in one more code why possession was not shown.</summary>
public sealed class PossessionReasonTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private static readonly DateTimeOffset _now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    /// <summary>Every end that a flow's possession can come to. 9916 comes with budgets; no end has it yet.</summary>
    private static readonly string[] _ends =
    [
        "PreFill Desktop Cancelled 9918", "PreFill Desktop Declined 9912", "PreFill Desktop Expired 9911", "PreFill Desktop Expired 9914",
        "PreFill Desktop GivenUp 9915", "PreFill Desktop Unavailable 9914", "PreFill Desktop WrongProof 9913",
        "PreFill Mobile Cancelled 9918", "PreFill Mobile Declined 9912", "PreFill Mobile Expired 9911", "PreFill Mobile Expired 9914",
        "PreFill Mobile GivenUp 9915", "PreFill Mobile Unavailable 9914", "PreFill Mobile WrongProof 9910",
        "Unify Desktop Cancelled 9918", "Unify Desktop Declined 9912", "Unify Desktop Expired 9911", "Unify Desktop Expired 9914",
        "Unify Desktop GivenUp 9915", "Unify Desktop Unavailable 9914", "Unify Desktop WrongProof 9913", "Unify Mobile Cancelled 9918",
        "Unify Mobile Declined 9912", "Unify Mobile Expired 9911", "Unify Mobile Expired 9914", "Unify Mobile GivenUp 9915",
        "Unify Mobile Unavailable 9914", "Unify Mobile WrongProof 9910", "Unify None Cancelled 9918", "Unify None Declined 9912",
        "Unify None Expired 9911", "Unify None GivenUp 9915", "Unify None Unavailable 9917", "Unify None WrongProof 9917",
        "VerifiedUsers Desktop Cancelled 9918", "VerifiedUsers Desktop Declined 9912", "VerifiedUsers Desktop Expired 9911",
        "VerifiedUsers Desktop Expired 9914", "VerifiedUsers Desktop GivenUp 9915", "VerifiedUsers Desktop Unavailable 9914",
        "VerifiedUsers Desktop WrongProof 9913", "VerifiedUsers Mobile Cancelled 9918", "VerifiedUsers Mobile Declined 9912",
        "VerifiedUsers Mobile Expired 9911", "VerifiedUsers Mobile Expired 9914", "VerifiedUsers Mobile GivenUp 9915",
        "VerifiedUsers Mobile Unavailable 9914", "VerifiedUsers Mobile WrongProof 9910",
    ];

    private TestServer Server => fixture.Server;

    [Fact]
    public void Every_end_of_the_possession_machine_has_exactly_one_code_of_ours()
    {
        var ends = from product in Enum.GetValues<Product>()
                   where product != Product.OneCall
                   from type in Enum.GetValues<FlowType>()
                   from flow in EndsOf(product, type, takesNoText: false)
                   let codes = Evaluations.ReasonsOf(flow).Select(reason => reason.Code).ToArray()
                   select $"{product} {type} {((PossessionState.Failed)flow.Possession).Reason} "
                       + $"{Assert.Single(codes, code => code != "9100")}";

        Assert.Equal(_ends.Order(StringComparer.Ordinal), ends.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Product.VerifiedUsers)]
    [InlineData(Product.PreFill)]
    [InlineData(Product.Unify)]
    public void A_line_that_takes_no_text_has_no_code_and_ends_by_what_the_network_or_a_key_says(Product product)
    {
        var ends = EndsOf(product, FlowType.Mobile, takesNoText: true).Select(flow =>
            $"{((PossessionState.Failed)flow.Possession).Reason} "
                + $"{string.Join(' ', Evaluations.ReasonsOf(flow).Select(reason => reason.Code))}");

        Assert.Equal(
            [
                "Cancelled 9100 9918", "Declined 9100 9912", "Expired 9100 9917", "GivenUp 9100 9915", "Unavailable 9100 9917",
                "WrongProof 9100 9917",
            ],
            ends.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Where_the_network_or_a_key_comes_last_its_no_is_told()
    {
        foreach (var last in (PossessionMethod[])[PossessionMethod.MobileAuth, PossessionMethod.DeviceKey])
        {
            Assert.Equal("9917", Evaluations.EndOf(PossessionFailure.WrongProof, last).Code);
            Assert.Equal("9917", Evaluations.EndOf(PossessionFailure.Unavailable, last).Code);
        }
    }

    [Fact]
    public async Task The_documents_name_every_code()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "errors.md"), TestContext.Current.CancellationToken);
        var openApi = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "openapi", "v3.json"), TestContext.Current.CancellationToken);

        foreach (var reason in (Reason[])[Reason.WrongCode, Reason.TimeOver, Reason.Declined, Reason.WrongDigits, Reason.TextNotDelivered,
            Reason.GivenUp, Reason.BudgetSpent, Reason.NoMethodLeft, Reason.Cancelled])
        {
            Assert.Matches($@"\| `authentication` \| {reason.Code} \|", page);
            Assert.Contains(reason.Code, openApi, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("wrong code", "mobile", "9910", "wrong code")]
    [InlineData("time", "mobile", "9911", "time was over")]
    [InlineData("time", "desktop", "9911", "time was over")]
    [InlineData("declined", "desktop", "9912", "declined by the person")]
    [InlineData("wrong digits", "desktop", "9913", "wrong digits")]
    [InlineData("refused text", "mobile", "9914", "text refused or not delivered")]
    [InlineData("refused text", "desktop", "9914", "text refused or not delivered")]
    [InlineData("given up", "mobile", "9915", "given up by the page")]
    [InlineData("given up", "desktop", "9915", "given up by the page")]
    public async Task Each_product_tells_it(string what, string type, string code, string text)
    {
        var confirmation = what == "wrong digits" ? LinkConfirmation.Match : LinkConfirmation.Tap;
        var project = await Server.AddProjectAsync($"p{Guid.NewGuid():N}", new ProjectSettings { LinkConfirmation = confirmation });
        var expected =
            $$$"""{"authentication":{"result":"fail","failureReasons":{"9100":"possession check incomplete","{{{code}}}":"""
            + $"\"{text}\"}}}}}}";

        var (verify, unify, start) = (NumberFor("verify", what), NumberFor("unify", what), NumberFor("start", what));
        var ofVerify = await Server.BeginAsync(type, verify, credentials: project);
        await FailAsync(what, type, ofVerify, verify);
        var ofUnify = await Server.BeginUnifyAsync(type, unify, credentials: project);
        await FailAsync(what, type, ofUnify, unify);
        var ofStart = await Server.BeginPreFillAsync(start, type, credentials: project);
        await FailAsync(what, type, ofStart, start);

        Assert.Equal(expected, (await Server.StatusAsync(ofVerify.Id, project)).Json!["evaluation"]!.ToJsonString());
        Assert.Equal(expected, (await Server.UnifyStatusAsync(ofUnify.Id, project)).Json!["evaluation"]!.ToJsonString());
        Assert.Equal(expected, (await Server.ValidateAsync(ofStart.Id, project)).Json!["evaluation"]!.ToJsonString());
    }

    [Theory]
    [InlineData("mobile", "mobile/otp/start")]
    [InlineData("desktop", "mobile/instantlink/start")]
    public async Task The_test_user_whose_text_never_arrives_is_told_as_such_when_the_time_is_over(string type, string step)
    {
        var flow = await Server.BeginAsync(type, "2001009004");
        await Server.Browser(flow.AuthToken!).Post(step);
        var before = await Server.StatusAsync(flow.Id);
        await Server.AdvanceAsync(TimeSpan.FromMinutes(3));

        var answer = await Server.StatusAsync(flow.Id);

        Assert.Equal("pending", before.Text("possessionResult"));
        Assert.Equal(
            """{"9100":"possession check incomplete","9914":"text refused or not delivered"}""",
            answer.Json!["evaluation"]!["authentication"]!["failureReasons"]!.ToJsonString());
    }

    // Users whose text every gateway refuses; load users are of every product.
    private static string NumberFor(string product, string what) => what != "refused text" ? "2002710001" : product switch
    {
        "verify" => "2001009005",
        "unify" => "2001009303",
        _ => "2001009103",
    };

    private async Task FailAsync(string what, string type, Begun flow, string number)
    {
        var page = Server.Browser(flow.AuthToken!);
        if (what == "given up")
        {
            await page.Post(type == "mobile" ? "mobile/otp/error" : "mobile/instantlink/error", """{"message":"closed"}""");
            return;
        }
        var begun = await page.Post(type == "mobile" ? "mobile/otp/start" : "mobile/instantlink/start");
        switch (what)
        {
            case "wrong code":
                await page.Enter("9999");
                break;
            case "time":
                await Server.AdvanceAsync(TimeSpan.FromMinutes(3));
                break;
            case "declined":
                await PressAsync(number, new() { ["action"] = "decline" });
                break;
            case "wrong digits":
                for (var i = 0; i < 3; i++)
                {
                    await PressAsync(number,
                        new() { ["action"] = "confirm", ["digits"] = (string?)begun["matchCode"] == "000000" ? "000001" : "000000" });
                }
                break;
        }
    }

    private async Task PressAsync(string number, Dictionary<string, string> fields)
    {
        var link = (await Server.LastMessageAsync(number)).Link!;
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(link).AbsolutePath) { Content = new FormUrlEncodedContent(fields) };
        await Server.SendAsync(request);
    }

    /// <summary>Tries every event in every order until nothing new comes of it.</summary>
    private static List<Flow> EndsOf(Product product, FlowType type, bool takesNoText)
    {
        var (open, seen, ends) = (new Queue<Flow>(), new HashSet<PossessionState>(), new List<Flow>());
        open.Enqueue(FlowOf(product, type, takesNoText));
        while (open.TryDequeue(out var flow))
        {
            foreach (var happened in Events())
            {
                var next = flow.After(happened, happened is PossessionEvent.Expired ? _now.AddHours(1) : _now);
                if (next == flow || !seen.Add(next.Possession))
                {
                    continue;
                }
                if (next.Possession is PossessionState.Failed)
                {
                    ends.Add(next);
                }
                else
                {
                    open.Enqueue(next);
                }
            }
        }
        return ends;
    }

    private static IEnumerable<PossessionEvent> Events()
    {
        var challenge = new Core.Possession.Challenge(
            new SecretHash(new string('0', 64)), _now, _now.AddMinutes(2), new ChallengeLimits(1));
        foreach (var method in (PossessionMethod[])[PossessionMethod.DeviceKey, PossessionMethod.MobileAuth, PossessionMethod.Otp,
            PossessionMethod.InstantLink])
        {
            yield return new PossessionEvent.ChallengeSent(method, challenge);
            yield return new PossessionEvent.MethodUnavailable(method);
        }
        yield return new PossessionEvent.TextUndelivered(PossessionMethod.Otp);
        yield return new PossessionEvent.TextUndelivered(PossessionMethod.InstantLink);
        yield return new PossessionEvent.ProofRejected();
        yield return new PossessionEvent.Expired();
        yield return new PossessionEvent.GivenUp();
        yield return new PossessionEvent.Declined();
        yield return new PossessionEvent.Cancelled();
    }

    private static Flow FlowOf(Product product, FlowType type, bool takesNoText) => new()
    {
        Id = CorrelationId.New(_now),
        ProjectId = ProjectId.Parse("shop"),
        Type = type,
        Number = PhoneNumber.Parse("+12025550142"),
        CreatedAt = _now,
        ExpiresAt = _now.AddMinutes(15),
        TakesNoText = takesNoText,
        Possession = type.ToPossession(product, takesNoText),
        Tail = product switch
        {
            Product.VerifiedUsers => new VerifiedUserState.AwaitingPossession(),
            Product.PreFill => new PreFillProgress(StartShape.PreFill, new PreFillState.AwaitingPossession()),
            _ => new UnifyProgress(new UnifyState.AwaitingPossession()),
        },
    };
}
