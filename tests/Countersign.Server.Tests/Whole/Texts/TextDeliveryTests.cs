using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using static Countersign.Core.Texts.SmsResult;

namespace Countersign.Server.Tests.Whole.Texts;

/// <summary>What becomes of a text when gateways do what gateways do.</summary>
public abstract class TextDeliveryTests(ServerFixture fixture)
{
    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_runs_the_server_sees_what_became_of_a_flows_texts_and_nothing_of_their_content()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        stage.Alpha.Answers(new Rejected(SmsRefusal.ProviderDown));
        var (flow, _) = await stage.SendCodeAsync();
        await stage.ReceiveAsync(stage.Beta, ReceiptState.Undelivered, "absent subscriber 027");

        var shown = await server.AdminAsync(HttpMethod.Get, $"/admin/flows/{flow}");

        var text = Assert.Single(shown.Json!["texts"]!.AsArray())!;
        Assert.Equal(("otp", "undelivered"), ((string?)text["kind"], (string?)text["state"]));
        Assert.Equal(
            ["alpha refused not reachable", "beta undelivered absent subscriber 027"],
            text["attempts"]!.AsArray().Select(attempt => $"{attempt!["gateway"]} {attempt["state"]} {attempt["reason"]}"));
        var sent = stage.Beta.Submissions[0].Text;
        Assert.DoesNotContain(TextStage.Number, shown.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(TextStage.Number[2..], shown.Body, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"{sent.Proof.Reveal()}", shown.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(sent.Text.Reveal(), shown.Body, StringComparison.Ordinal);
        Assert.Equal(
            ["attempts", "createdAt", "kind", "segments", "state"],
            text.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_gateway_that_is_down_is_passed_over_at_once()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        stage.Alpha.Answers(new Rejected(SmsRefusal.ProviderDown));

        var (flow, page) = await stage.SendCodeAsync();

        Assert.Single(stage.Alpha.Submissions);
        Assert.Equal(2, Assert.Single(stage.Beta.Submissions).Attempt);
        Assert.Equal(
            ["alpha did not take the text: not reachable", "beta has taken the text"], (await stage.TimelineAsync(flow)).TakeLast(2));
        await page.Enter(stage.Beta.Submissions[0].Text.Proof.Reveal());
        Assert.Equal("success", (await server.StatusAsync(flow, stage.Project)).Text("possessionResult"));
    }

    [Fact]
    public async Task A_gateway_that_keeps_a_text_to_itself_is_passed_over_after_eight_seconds()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        var (flow, _) = await stage.SendCodeAsync();

        await stage.AdvanceAsync(7.9);
        Assert.Empty(stage.Beta.Submissions);
        await stage.AdvanceAsync(0.1);

        await stage.ReceiveAsync(stage.Beta, ReceiptState.Delivered);
        await stage.AdvanceAsync(60);
        Assert.Equal((1, 1), (stage.Alpha.Submissions.Count, stage.Beta.Submissions.Count));
        Assert.Equal(stage.Alpha.Submissions[0].Text, stage.Beta.Submissions[0].Text);
        Assert.Equal(TimeSpan.FromSeconds(112), stage.Beta.Submissions[0].Validity);
        Assert.Equal(TextState.Delivered, await stage.StateOfAsync(flow));
        Assert.Equal(["alpha has not handed the text on", "beta has taken the text", "beta has delivered the text"],
            (await stage.TimelineAsync(flow)).TakeLast(3));
    }

    [Fact]
    public async Task A_gateway_that_does_not_answer_is_passed_over_ten_seconds_after_it_was_asked()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        stage.Alpha.KeepsSilent();
        var (flow, page) = await stage.BeginAsync();

        var asked = page.Post("mobile/otp/start");
        await UntilAsync(() => stage.Alpha.Submissions.Count == 1);
        await stage.AdvanceAsync(8);
        await asked;
        Assert.Equal(TextState.Unknown, await stage.StateOfAsync(flow));
        await stage.AdvanceAsync(1.9);
        Assert.Empty(stage.Beta.Submissions);
        await stage.AdvanceAsync(0.1);

        Assert.Single(stage.Beta.Submissions);
        await stage.AdvanceAsync(60);
        Assert.Equal((1, 1), (stage.Alpha.Submissions.Count, stage.Beta.Submissions.Count));
        Assert.Contains("alpha did not answer", await stage.TimelineAsync(flow));
    }

    [Fact]
    public async Task An_adapter_that_does_not_listen_to_its_deadline_holds_nothing_up()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        var never = new TaskCompletionSource<SmsResult>();
        stage.Alpha.Answer = (_, _) => never.Task;
        stage.Beta.Answers(new Unknown());
        var (flow, page) = await stage.BeginAsync();

        var asked = page.Post("mobile/otp/start");
        await UntilAsync(() => stage.Alpha.Submissions.Count == 1);
        // Its deadline is set when the adapter has given the call out of its hands, which may be a moment after it noted the text.
        while (!asked.IsCompleted)
        {
            await stage.AdvanceAsync(1);
        }
        await asked;

        Assert.Equal(TextState.Unknown, await stage.StateOfAsync(flow));
    }

    [Fact]
    public async Task An_adapter_that_throws_may_have_sent_the_text()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        stage.Alpha.Answer = (_, _) => throw new InvalidOperationException("a fault in an adapter");

        var (flow, _) = await stage.SendCodeAsync();

        Assert.Equal(TextState.Unknown, await stage.StateOfAsync(flow));
        await stage.AdvanceAsync(10);
        Assert.Equal((1, 1), (stage.Alpha.Submissions.Count, stage.Beta.Submissions.Count));
        Assert.Contains(server.Logs.All, line =>
            line.Text.Contains("Gateway alpha failed where its adapter should have answered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_receipt_that_is_quicker_than_the_answer_is_kept()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        stage.Alpha.Answer = async (_, _) =>
        {
            await stage.ReceiveAsync(stage.Alpha, ReceiptState.Delivered);
            return new Accepted();
        };

        var (flow, _) = await stage.SendCodeAsync();
        await stage.AdvanceAsync(60);

        Assert.Equal(TextState.Delivered, await stage.StateOfAsync(flow));
        Assert.Empty(stage.Beta.Submissions);
        Assert.Equal("otp begun", (await stage.TimelineAsync(flow))[^1]);
    }

    [Fact]
    public async Task A_receipt_takes_the_place_of_an_answer_that_never_came()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        stage.Alpha.Answers(new Unknown());
        var (flow, _) = await stage.SendCodeAsync();

        await stage.AdvanceAsync(5);
        await stage.ReceiveAsync(stage.Alpha, ReceiptState.Enroute);
        await stage.AdvanceAsync(60);

        Assert.Equal(TextState.Sent, await stage.StateOfAsync(flow));
        Assert.Empty(stage.Beta.Submissions);
    }

    [Fact]
    public async Task The_silence_of_a_gateway_without_receipts_means_nothing()
    {
        var stage = new TextStage(reportsHandover: false);
        await using var server = await stage.StartAsync(fixture);

        var (flow, _) = await stage.SendCodeAsync();
        await stage.AdvanceAsync(100);

        Assert.Equal(TextState.Sent, await stage.StateOfAsync(flow));
        Assert.Empty(stage.Beta.Submissions);
    }

    [Fact]
    [Trait("attack", "O02")]
    public async Task Receipts_may_come_twice_and_in_any_order()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        var (flow, _) = await stage.SendCodeAsync();
        await stage.ReceiveAsync(stage.Alpha, ReceiptState.Delivered);
        var delivered = await stage.TextOfAsync(flow);

        foreach (var late in (ReceiptState[])[ReceiptState.Delivered, ReceiptState.Enroute, ReceiptState.Accepted, ReceiptState.Unknown])
        {
            Assert.True(await stage.ReceiveAsync(stage.Alpha, late));
        }

        Assert.Equal(delivered, await stage.TextOfAsync(flow));
        Assert.DoesNotContain(server.Logs.All, line => line.Text.Contains("contradicts", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ReceiptState.Delivered, ReceiptState.Undelivered, TextState.Delivered)]
    [InlineData(ReceiptState.Undelivered, ReceiptState.Delivered, TextState.Undelivered)]
    [InlineData(ReceiptState.Expired, ReceiptState.Rejected, TextState.Expired)]
    public async Task The_first_final_receipt_stands_and_another_is_noted(ReceiptState first, ReceiptState second, TextState stands)
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        var (flow, _) = await stage.SendCodeAsync();

        await stage.ReceiveAsync(stage.Alpha, first);
        await stage.ReceiveAsync(stage.Alpha, second);
        await stage.AdvanceAsync(30);

        Assert.Equal(stands, await stage.StateOfAsync(flow));
        Assert.Empty(stage.Beta.Submissions);
        Assert.Contains(server.Logs.All, line => line.Text.Contains("Gateway alpha contradicts itself", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_attempts_the_one_that_was_delivered_counts()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        var (flow, _) = await stage.SendCodeAsync();
        await stage.AdvanceAsync(8);

        await stage.ReceiveAsync(stage.Beta, ReceiptState.Undelivered);
        Assert.Equal(TextState.Sent, await stage.StateOfAsync(flow));
        await stage.ReceiveAsync(stage.Alpha, ReceiptState.Delivered);

        Assert.Equal(TextState.Delivered, await stage.StateOfAsync(flow));
    }

    [Fact]
    public async Task A_text_that_the_operator_refuses_goes_to_the_next_gateway()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        var (flow, _) = await stage.SendCodeAsync();

        await stage.ReceiveAsync(stage.Alpha, ReceiptState.Rejected, "NACK/0x0000000b to +12025550142");
        await stage.AdvanceAsync(1);

        Assert.Single(stage.Beta.Submissions);
        Assert.Contains("alpha did not take the text: refused (NACK/0x0000000b to +*)", await stage.TimelineAsync(flow));
    }

    [Fact]
    public async Task A_text_that_could_not_be_delivered_is_said_and_its_code_stays_good()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        var (flow, page) = await stage.SendCodeAsync();

        await stage.ReceiveAsync(stage.Alpha, ReceiptState.Undelivered, "027");
        await stage.AdvanceAsync(30);

        Assert.Empty(stage.Beta.Submissions);
        Assert.Equal("alpha could not deliver the text (027)", (await stage.TimelineAsync(flow))[^1]);
        await page.Enter(stage.Alpha.Submissions[0].Text.Proof.Reveal());
        Assert.Equal("success", (await server.StatusAsync(flow, stage.Project)).Text("possessionResult"));
    }

    /// <param name="story">What is said of a flow's first and second submission, and what the person does.</param>
    /// <param name="ofLink">Where it is another than of a code: a code is sent again, a link is replaced and its first text is of no use
    /// any more.</param>
    [Theory]
    [InlineData("first undelivered, wait", "9914")]
    [InlineData("first expired, first delivered, wait", "9914")]
    [InlineData("pass over, first undelivered, second expired, wait", "9914")]
    [InlineData("pass over, second undelivered, first undelivered, wait", "9914")]
    [InlineData("pass over, first undelivered, second delivered, wait", "9911")]
    [InlineData("pass over, first undelivered, wait", "9911")]
    [InlineData("first delivered, first undelivered, wait", "9911")]
    [InlineData("first undelivered, again, second undelivered, wait", "9914")]
    [InlineData("again, second expired, first undelivered, wait", "9914")]
    [InlineData("first undelivered, again, second delivered, wait", "9911")]
    [InlineData("first undelivered, again, first undelivered, wait", "9911")]
    [InlineData("first delivered, again, second undelivered, wait", "9911", "9914")]
    [InlineData("again, second undelivered, wait", "9911", "9914")]
    [InlineData("first undelivered, give up", "9915")]
    [InlineData("enter, first undelivered, wait", "9911")]
    [InlineData("first undelivered, enter, wait", "9911")]
    [InlineData("enter, again, second undelivered, first undelivered, wait", "9911")]
    public async Task A_flow_whose_texts_never_arrived_says_so_when_its_time_is_over(string story, string ofCode, string? ofLink = null)
    {
        var (words, flows) = (story.Split(", "), 0);
        // A gateway that says when it hands on is passed over when it does not.
        var stage = new TextStage(reportsHandover: words.Contains("pass over"));
        await using var server = await stage.StartAsync(fixture);
        var more = new JsonObject { ["allowOTPRetry"] = true };

        foreach (var type in words.Contains("enter") ? (string[])["mobile"] : ["mobile", "desktop"])
        {
            foreach (var product in (string[])["verify", "start", "unify"])
            {
                var number = $"+1202555{1000 + flows++}";
                var code = type == "desktop" && ofLink is not null ? ofLink : ofCode;
                var flow = product switch
                {
                    "verify" => await server.BeginAsync(type, number, more.DeepClone().AsObject(), stage.Project),
                    "start" => await server.BeginPreFillAsync(number, type, more.DeepClone().AsObject(), stage.Project),
                    _ => await server.BeginUnifyAsync(type, number, more.DeepClone().AsObject(), stage.Project),
                };
                var page = server.Browser(flow.AuthToken!);
                await TellStoryAsync(stage, page, type == "mobile" ? "mobile/otp" : "mobile/instantlink", words);

                var answer = product switch
                {
                    "verify" => await server.StatusAsync(flow.Id, stage.Project),
                    "start" => await server.ValidateAsync(flow.Id, stage.Project),
                    _ => await server.UnifyStatusAsync(flow.Id, stage.Project),
                };
                var reasons = answer.Json!["evaluation"]!["authentication"]!["failureReasons"]!.AsObject();
                Assert.True(reasons.Select(reason => reason.Key).SequenceEqual(["9100", code]), $"{product} {type}: {answer}");
            }
        }
    }

    [Fact]
    public async Task A_receipt_that_was_kept_by_a_server_that_died_is_told_when_it_comes_again()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        var (flow, _) = await stage.SendCodeAsync();
        var stored = await stage.TextOfAsync(flow);
        var fate = TextMachine.Next(stored.Fate, new TextEvent.Received(1, ReceiptState.Undelivered), stored.Fate.SentAt!.Value);
        await server.Services.GetRequiredService<ITextStore>().TrySaveAsync(stored with { Fate = fate }, Test);

        await stage.ReceiveAsync(stage.Alpha, ReceiptState.Undelivered);
        await stage.AdvanceAsync(120);

        Assert.Contains("9914", (await server.StatusAsync(flow, stage.Project)).Body, StringComparison.Ordinal);
        Assert.Contains("possession failed: time is over (the text was not delivered)", await stage.TimelineAsync(flow));
    }

    [Fact]
    public async Task A_gateway_that_asks_for_patience_is_asked_again_when_it_said()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture, "alpha");
        stage.Alpha.Answers(new Rejected(SmsRefusal.Throttled, TimeSpan.FromSeconds(7)));

        var (flow, _) = await stage.SendCodeAsync();
        stage.Alpha.Answers(new Accepted());
        await stage.AdvanceAsync(6.9);
        Assert.Single(stage.Alpha.Submissions);
        await stage.AdvanceAsync(0.1);

        Assert.Equal(2, stage.Alpha.Submissions.Count);
        Assert.Equal(TextState.Sent, await stage.StateOfAsync(flow));
    }

    [Fact]
    public async Task A_gateway_that_stays_down_is_asked_three_times_and_then_the_flow_fails_with_the_reason()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture, "alpha");
        stage.Alpha.Answers(new Rejected(SmsRefusal.ProviderDown));

        var (flow, _) = await stage.SendCodeAsync();
        Assert.Equal("pending pending pending", await stage.OutcomeAsync(flow));
        await stage.AdvanceAsync(5);
        await stage.AdvanceAsync(5);
        await stage.AdvanceAsync(5);

        Assert.Equal(3, stage.Alpha.Submissions.Count);
        Assert.Equal(TextState.Refused, await stage.StateOfAsync(flow));
        Assert.Equal("false failed failed", await stage.OutcomeAsync(flow));
        Assert.Contains("possession failed: no text could be sent (not reachable)", await stage.TimelineAsync(flow));
    }

    [Fact]
    public async Task A_gateway_that_asks_for_more_patience_than_the_text_has_ends_the_flow_at_once()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture, "alpha");
        stage.Alpha.Answers(new Rejected(SmsRefusal.Throttled, TimeSpan.FromSeconds(101)));

        var (flow, _) = await stage.SendCodeAsync();

        Assert.Equal("false failed failed", await stage.OutcomeAsync(flow));
        Assert.Contains("possession failed: no text could be sent (too many texts at once)", await stage.TimelineAsync(flow));
    }

    [Fact]
    public async Task When_every_gateway_refuses_the_flow_fails_at_once_with_the_reason()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        stage.Alpha.Answers(new Rejected(SmsRefusal.AuthFailed));
        stage.Beta.Answers(new Rejected(SmsRefusal.BlockedDestination));

        var (flow, _) = await stage.SendCodeAsync();

        Assert.Equal("false failed failed", await stage.OutcomeAsync(flow));
        Assert.Equal(
            ["alpha did not take the text: wrong credentials", "beta did not take the text: the number is blocked",
                "possession failed: no text could be sent (the number is blocked)"],
            (await stage.TimelineAsync(flow)).SkipLast(1).TakeLast(3));
        Assert.Contains(server.Logs.All, line =>
            line.Text.Contains("Gateway alpha takes no texts, and somebody must act: AuthFailed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_number_that_is_none_is_not_asked_of_another_gateway()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        stage.Alpha.Answers(new Rejected(SmsRefusal.InvalidDestination));

        var (flow, _) = await stage.SendCodeAsync();

        Assert.Empty(stage.Beta.Submissions);
        Assert.Contains("possession failed: no text could be sent (the number cannot receive texts)", await stage.TimelineAsync(flow));
    }

    [Fact]
    public async Task A_person_who_said_STOP_is_sent_nothing_and_no_gateway_is_asked()
    {
        var stage = new TextStage(sender: "Shop");
        await using var server = await stage.StartAsync(fixture);
        stage.Suppressions.Numbers.Add(TextStage.Number);

        var (flow, _) = await stage.SendCodeAsync();

        Assert.Empty(stage.Alpha.Submissions);
        Assert.Empty(stage.Beta.Submissions);
        Assert.Equal("false failed failed", await stage.OutcomeAsync(flow));
        Assert.Contains("possession failed: no text could be sent (the person wants no texts)", await stage.TimelineAsync(flow));
    }

    [Theory]
    [InlineData("Shop", "Own", "Shop")]
    [InlineData(null, "Own", "Own")]
    [InlineData(null, null, null)]
    public async Task Who_said_STOP_is_asked_of_the_sender_that_the_text_would_have(string? ofRoute, string? ofGateway, string? asked)
    {
        var stage = new TextStage(sender: ofRoute);
        await using var server = await stage.StartAsync(fixture);
        stage.Alpha.Sender = ofGateway;

        await stage.SendCodeAsync();

        Assert.Equal(asked, stage.Suppressions.Sender);
    }

    [Fact]
    public async Task A_text_that_one_gateway_holds_and_another_did_not_answer_for_waits_for_both()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        stage.Beta.Answers(new Unknown());
        var (flow, _) = await stage.SendCodeAsync();

        await stage.AdvanceAsync(8);
        Assert.Equal("beta did not answer", (await stage.TimelineAsync(flow))[^1]);
        await stage.AdvanceAsync(9.9);
        Assert.Equal("beta did not answer", (await stage.TimelineAsync(flow))[^1]);
        await stage.AdvanceAsync(0.1);

        Assert.Equal("nobody knows whether the text was sent: beta did not answer", (await stage.TimelineAsync(flow))[^1]);
    }

    [Fact]
    public async Task A_text_goes_out_under_the_sender_of_its_route()
    {
        var stage = new TextStage(sender: "Shop");
        await using var server = await stage.StartAsync(fixture);

        await stage.SendCodeAsync();

        Assert.Equal("Shop", Assert.Single(stage.Alpha.Submissions).Sender);
    }

    [Fact]
    public async Task Who_asks_again_is_sent_the_code_another_way()
    {
        var stage = new TextStage(reportsHandover: false);
        await using var server = await stage.StartAsync(fixture);
        var (_, page) = await stage.SendCodeAsync();

        await stage.AdvanceAsync(30);
        await page.Post("mobile/otp/start");

        Assert.Equal((1, 1), (stage.Alpha.Submissions.Count, stage.Beta.Submissions.Count));
        Assert.Equal(stage.Alpha.Submissions[0].Text.Proof, stage.Beta.Submissions[0].Text.Proof);
    }

    [Fact]
    public async Task A_code_that_cannot_be_sent_again_leaves_the_one_that_was_sent()
    {
        var stage = new TextStage(reportsHandover: false);
        await using var server = await stage.StartAsync(fixture);
        var (flow, page) = await stage.SendCodeAsync();
        stage.Alpha.Answers(new Rejected(SmsRefusal.Other));
        stage.Beta.Answers(new Rejected(SmsRefusal.Other));

        await stage.AdvanceAsync(30);
        await page.Post("mobile/otp/start");

        Assert.Equal("a text could not be sent, another may have arrived: refused", (await stage.TimelineAsync(flow))[^1]);
        await page.Enter(stage.Alpha.Submissions[0].Text.Proof.Reveal());
        Assert.Equal("success", (await server.StatusAsync(flow, stage.Project)).Text("possessionResult"));
    }

    [Fact]
    public async Task A_text_whose_code_was_entered_is_not_sent_another_way()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        stage.Alpha.Answers(new Unknown());
        var (flow, page) = await stage.SendCodeAsync();

        await page.Enter(stage.Alpha.Submissions[0].Text.Proof.Reveal());
        await stage.AdvanceAsync(30);

        Assert.Empty(stage.Beta.Submissions);
        Assert.Null((await stage.TextOfAsync(flow)).Fate.DueAt);
    }

    [Fact]
    public async Task Nobody_knows_of_a_text_whose_only_gateway_did_not_answer_and_the_flow_fails_at_its_deadline()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture, "alpha");
        stage.Alpha.Answers(new Unknown());
        var (flow, _) = await stage.SendCodeAsync();

        await stage.AdvanceAsync(10);
        Assert.Equal("pending pending pending", await stage.OutcomeAsync(flow));
        await stage.AdvanceAsync(110);

        Assert.Single(stage.Alpha.Submissions);
        Assert.Equal("false failed failed", await stage.OutcomeAsync(flow));
        var timeline = await stage.TimelineAsync(flow);
        Assert.Equal(
            ["alpha did not answer", "nobody knows whether the text was sent: alpha did not answer", "possession failed: time is over"],
            timeline.SkipLast(1).TakeLast(3));
    }

    [Fact]
    public async Task A_receipt_is_believed_for_its_own_gateway_alone()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        var (flow, _) = await stage.SendCodeAsync();
        var token = stage.Alpha.Submissions[0].ReceiptToken;
        var receipts = server.Services.GetRequiredService<ITextReceipts>();

        Assert.False(await receipts.ReceiveAsync(token, GatewayName.Parse("beta"), ReceiptState.Delivered, null, Test));
        Assert.False(
            await receipts.ReceiveAsync(
                new Secret(token.Reveal()[..^2] + "AA"), GatewayName.Parse("alpha"), ReceiptState.Delivered, null, Test));
        Assert.False(await receipts.ReceiveAsync(new Secret(""), GatewayName.Parse("alpha"), ReceiptState.Delivered, null, Test));
        Assert.False(
            await receipts.ReceiveAsync(new Secret("é/" + token.Reveal()), GatewayName.Parse("alpha"), ReceiptState.Delivered, null, Test));
        Assert.Equal(TextState.Sent, await stage.StateOfAsync(flow));
    }

    [Fact]
    public async Task A_receipt_for_a_text_that_is_gone_is_passed_over()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        await stage.SendCodeAsync();
        await server.Services.GetRequiredService<ITextStore>().RemoveAsync(DateTimeOffset.MaxValue, 10, Test);

        Assert.True(await stage.ReceiveAsync(stage.Alpha, ReceiptState.Delivered));
    }

    [Fact]
    [Trait("attack", "O01")]
    public async Task Two_nodes_that_find_the_same_texts_due_ask_the_next_gateway_once_for_each()
    {
        const int Flows = 12;
        var stage = new TextStage(reportsHandover: false);
        await using var server = await stage.StartAsync(fixture);
        await using var second = await server.StartSecondNodeAsync();
        stage.Alpha.Answers(new Unknown());
        for (var i = 0; i < Flows; i++)
        {
            var (_, page) = await stage.BeginAsync($"+120255501{i:00}");
            await page.Post("mobile/otp/start");
        }

        // Both look by their own clocks too, which are the same one.
        await Task.WhenAll(stage.AdvanceAsync(10), second.Services.GetRequiredService<DueTexts>().CatchUpAsync(Test));
        await second.Services.GetRequiredService<DueTexts>().CatchUpAsync(Test);

        Assert.Equal(Flows, stage.Alpha.Submissions.Count);
        Assert.Equal(Flows, stage.Beta.Submissions.Select(submission => submission.Text.Id).Distinct().Count());
        Assert.Equal(Flows, stage.Beta.Submissions.Count);
    }

    private static async Task TellStoryAsync(TextStage stage, Page page, string step, string[] words)
    {
        TestGateway[] gateways = [stage.Alpha, stage.Beta];
        var counts = Array.ConvertAll(gateways, gateway => gateway.Submissions.Count);
        (GatewayName Gateway, SmsSubmission Submission) Sent()
        {
            var which = Array.FindIndex(gateways, gateway => gateway.Submissions.Count > counts[Array.IndexOf(gateways, gateway)]);
            counts[which]++;
            return (gateways[which].Name, gateways[which].Submissions[counts[which] - 1]);
        }

        await page.Post($"{step}/start");
        var (first, second) = (Sent(), default((GatewayName Gateway, SmsSubmission Submission)));
        foreach (var word in words)
        {
            switch (word.Split(' '))
            {
                case [var which and ("first" or "second"), var said]:
                    var (gateway, submission) = which == "first" ? first : second;
                    await stage.ReceiveAsync(submission, gateway, Enum.Parse<ReceiptState>(said, ignoreCase: true));
                    break;
                case ["pass", "over"]:
                    await stage.AdvanceAsync(8);
                    second = Sent();
                    break;
                case ["again"]:
                    await stage.AdvanceAsync(30);
                    await page.Post($"{step}/start", """{"mobileNumber":""}""");
                    second = Sent();
                    break;
                case ["enter"]:
                    await page.Enter("9999");
                    break;
                case ["give", "up"]:
                    await page.Post($"{step}/error", """{"message":"closed"}""");
                    break;
                default:
                    await stage.AdvanceAsync(180);
                    break;
            }
        }
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            Test.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}

public sealed class TextDeliveryOnSqlite(OnSqlite fixture) : TextDeliveryTests(fixture), IClassFixture<OnSqlite>;

[Trait("tier", "long")]
public sealed class TextDeliveryOnPostgres(OnPostgres fixture) : TextDeliveryTests(fixture), IClassFixture<OnPostgres>;
