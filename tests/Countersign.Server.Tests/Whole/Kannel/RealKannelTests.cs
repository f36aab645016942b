using Countersign.Core;
using Countersign.Core.Texts;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole.Kannel;

/// <summary>
/// The adapter and the receipts endpoint with the real Kannel, over SMPP to an SMSC and back. What follows from a receipt is tested
/// elsewhere.
/// </summary>
public sealed class RealKannelTests(RealKannelStage stage) : IClassFixture<RealKannelStage>
{
    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_reaches_the_SMSC_and_its_receipts_come_back()
    {
        var text = stage.Text("+12025550142", "Your code is 1234.", sender: "MyBrand");

        var result = await stage.Gateway.SubmitAsync(text, Test);
        var submitted = await stage.Kannel.SmscAsync("submitted", "12025550142");
        var states = await stage.ReceiptsAsync(text, 2);

        Assert.Equal(new SmsResult.Accepted(), result);
        Assert.Equal(
            ("Your code is 1234.", "MyBrand", 0), ((string)submitted["text"]!, (string)submitted["from"]!, (int)submitted["coding"]!));
        Assert.Equal([ReceiptState.Enroute, ReceiptState.Delivered], states.Order());
        // Two minutes, as it was told; Kannel makes a moment of it.
        var validity = DateTimeOffset.Parse((string)submitted["validity"]!, System.Globalization.CultureInfo.InvariantCulture)
            - TimeProvider.System.GetUtcNow();
        Assert.InRange(validity, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2.1));
    }

    public static TheoryData<string, int, int> Texts => new()
    {
        { "5 € {a} [b] ~ | ^ \\ ñ Ä ß £ ¥ Δ @ $ _", 0, 1 },
        { "Line one\nline two\n\n@shop.example #1234", 0, 1 },
        { "  spaces at both ends  ", 0, 1 },
        { "Ваш код 1234 😀 “quoted”\nline two", 8, 1 },
        { "你的驗證碼是 1234", 8, 1 },
        { new string('a', 152) + "€" + new string('b', 40), 0, 2 },
        { new string('ж', 66) + "😀" + new string('я', 20), 8, 2 },
        { "x", 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_text_arrives_as_it_is(string words, int coding, int parts)
    {
        var to = $"+1202555{1000 + stage.NextNumber()}";
        var text = stage.Text(to, words);

        await stage.Gateway.SubmitAsync(text, Test);
        var submitted = await stage.Kannel.SmscAsync("submitted", to[1..]);

        Assert.Equal((words, coding, parts), ((string)submitted["text"]!, (int)submitted["coding"]!, (int)submitted["parts"]!));
        Assert.Equal(parts, SmsAlphabet.CountSegments(words));
        // Of a text in parts Kannel asks for one receipt.
        Assert.Equal([ReceiptState.Enroute, ReceiptState.Delivered], (await stage.ReceiptsAsync(text, 2)).Order());
    }

    [Theory]
    [InlineData("+12025551000", new[] { ReceiptState.Enroute, ReceiptState.Undelivered })]
    [InlineData("+12025551001", new[] { ReceiptState.Enroute, ReceiptState.Expired })]
    [InlineData("+12025551003", new[] { ReceiptState.Rejected })]
    // Kannel passes on the first of two, and none that came before the SMSC's own answer.
    [InlineData("+12025551004", new[] { ReceiptState.Enroute })]
    [InlineData("+12025551005", new[] { ReceiptState.Enroute, ReceiptState.Delivered })]
    [InlineData("+12025551006", new[] { ReceiptState.Enroute })]
    public async Task What_becomes_of_a_text_is_told(string to, ReceiptState[] expected)
    {
        var text = stage.Text(to, "Your code is 1234.");
        var after = stage.Text("+12025550199", "The one after it.");

        var result = await stage.Gateway.SubmitAsync(text, Test);
        var states = await stage.ReceiptsAsync(text, expected.Length);
        // One that comes later says that nothing is under way any more.
        await stage.Gateway.SubmitAsync(after, Test);
        await stage.ReceiptsAsync(after, 2);

        Assert.Equal(new SmsResult.Accepted(), result);
        Assert.Equal(expected, states.Order());
        Assert.Equal(expected.Length, stage.CountReceipts(text));
    }

    [Fact]
    public async Task The_same_receipt_may_come_twice()
    {
        var text = stage.Text("+12025550143", "Your code is 1234.");
        await stage.Gateway.SubmitAsync(text, Test);
        await stage.ReceiptsAsync(text, 2);

        using var again = new HttpRequestMessage(
            HttpMethod.Get, $"/gateways/kannel/receipts/{text.ReceiptToken.Reveal()}?type=1&reply=id%3A1+stat%3ADELIVRD+err%3A000");
        var reply = await stage.Server.SendAsync(again);

        Assert.Equal(204, reply.Status);
        Assert.Equal(3, stage.CountReceipts(text));
    }

    [Fact]
    public async Task A_receipt_may_come_before_the_answer_to_the_submission()
    {
        var text = stage.Text("+12025550144", "Your code is 1234.");
        await using var slow = await ProviderDouble.StartAsync();
        var mayAnswer = new TaskCompletionSource();
        using var client = new HttpClient();
        // What Kannel answers is held back until its last receipt is here.
        slow.Does(async (context, request) =>
        {
            using var passed = new HttpRequestMessage(
                HttpMethod.Post, stage.Kannel.SendUrl) { Content = new ByteArrayContent(request.Body) };
            foreach (var (name, value) in request.Headers.Where(header =>
                header.Key.StartsWith("X-Kannel", StringComparison.OrdinalIgnoreCase)))
            {
                passed.Headers.TryAddWithoutValidation(name, value);
            }
            passed.Content.Headers.TryAddWithoutValidation("Content-Type", request.Header("Content-Type"));
            using var answer = await client.SendAsync(passed, Test);
            await mayAnswer.Task;
            await new ProviderReply((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Test), "text/html").WriteAsync(context);
        });
        await using var server = await RealKannelStage.StartServerAsync(
            slow.Address + "cgi-bin/sendsms", stage.Port, stage.Receipts, listens: false);
        var gateway = server.Services.GetServices<ISmsGateway>().Single(gateway => gateway.Name == GatewayName.Parse("kannel"));

        var submitting = gateway.SubmitAsync(text, Test);
        var states = await stage.ReceiptsAsync(text, 2);
        var wasAnswered = submitting.IsCompleted;
        mayAnswer.SetResult();

        Assert.Equal([ReceiptState.Enroute, ReceiptState.Delivered], states.Order());
        Assert.Equal((false, new SmsResult.Accepted()), (wasAnswered, await submitting));
    }

    [Fact]
    public async Task A_wrong_password_is_named()
    {
        var wrong = stage.Server.Services.GetServices<ISmsGateway>().Single(gateway => gateway.Name == GatewayName.Parse("wrong"));

        Assert.Equal(
            new SmsResult.Rejected(SmsRefusal.AuthFailed), await wrong.SubmitAsync(stage.Text("+12025550145", "Your code is 1234."), Test));
    }

    [Fact]
    public async Task A_person_s_STOP_comes_through_and_START_lifts_it()
    {
        var suppressions = (WatchedSuppressions)stage.Server.Services.GetRequiredService<ISuppressionList>();
        var person = PhoneNumber.Parse("+12025550146");

        await stage.Kannel.WriteAsync("12025550146", "12345", "Stop");
        await suppressions.ChangeAsync();
        var stopped = await suppressions.IsSuppressedAsync(person, "12345", Test);
        await stage.Kannel.WriteAsync("12025550146", "12345", "START");
        await suppressions.ChangeAsync();

        Assert.Equal((true, false), (stopped, await suppressions.IsSuppressedAsync(person, "12345", Test)));
    }
}
