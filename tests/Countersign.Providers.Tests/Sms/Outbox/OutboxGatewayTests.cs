using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Providers.Sms;
using Countersign.Providers.Sms.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Providers.Tests.Sms.Outbox;

public sealed class OutboxGatewayTests : SmsGatewayContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _console = new();

    private string File => _folder.File("texts.jsonl");

    private protected override ISmsGateway Gateway => NewGateway(File);

    [Theory]
    [InlineData("Line one\nline two 5 € 😀 \"quoted\"")]
    [InlineData("Ваш код 1234")]
    public async Task Each_text_is_a_line_that_holds_it_whole(string text)
    {
        var submission = Submission(text, validity: TimeSpan.FromSeconds(119.2));

        var result = await Gateway.SubmitAsync(submission, Test);

        Assert.Equal(new SmsResult.Accepted(ReceiptState.Delivered), result);
        var line = JsonNode.Parse(Assert.Single(System.IO.File.ReadAllLines(File)))!;
        Assert.Equal(text, (string)line["text"]!);
        Assert.Equal(
            ("+12025559917", "1234", "otp", 120, submission.Text.Id.ToString()),
            ((string)line["to"]!, (string)line["proof"]!, (string)line["kind"]!, (int)line["validitySeconds"]!, (string)line["id"]!));
    }

    [Fact]
    public async Task Lines_of_many_texts_at_once_stay_whole()
    {
        var gateway = Gateway;

        await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => Task.Run(() => gateway.SubmitAsync(Submission(new string('x', 500)), Test), Test)));

        var lines = System.IO.File.ReadAllLines(File);
        Assert.Equal(200, lines.Length);
        Assert.All(lines, line => Assert.NotNull(JsonNode.Parse(line)));
    }

    [Fact]
    public async Task Its_owner_alone_may_read_the_file()
    {
        await Gateway.SubmitAsync(Submission("Your code is 1234."), Test);

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }
    }

    [Fact]
    public async Task Without_a_file_lines_go_to_the_console()
    {
        await NewGateway(file: null).SubmitAsync(Submission("Your code is 1234."), Test);

        Assert.Contains("Your code is 1234.", _console.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_takes_no_text()
    {
        using var logs = new LogLines();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(logs));

        var result = await NewGateway(_folder.File("missing/texts.jsonl"), factory.CreateLogger<OutboxGateway>())
            .SubmitAsync(Submission("Your code is 1234."), Test);

        Assert.Equal(new SmsResult.Rejected(SmsRefusal.NotWritten), result);
        var line = Assert.Single(logs.All, line => line.Event.Id == 1541);
        Assert.Equal(
            "Gateway paper took no text: the file that its setting File names could not be written (DirectoryNotFoundException)",
            line.Text);
    }

    [Fact]
    public async Task A_server_with_an_outbox_says_so_at_every_start()
    {
        using var logs = new LogLines();
        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(logs))
            .AddSingleton(TimeProvider.System)
            .AddSmsGateways([new OutboxOptions { Name = GatewayName.Parse("paper"), Type = "outbox", File = File }])
            .BuildServiceProvider();

        await Assert.Single(services.GetServices<IHostedService>()).StartAsync(Test);

        var warning = Assert.Single(logs.All, line => line.Event.Id == 1540);
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Contains("SENDS NO TEXTS", warning.Text, StringComparison.Ordinal);
        Assert.Contains(services.GetServices<ISmsGateway>(), gateway => gateway.Name == GatewayName.Parse("paper"));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _console.Dispose();
    }

    private OutboxGateway NewGateway(string? file, ILogger<OutboxGateway>? logger = null) =>
        new(new OutboxOptions { Name = GatewayName.Parse("paper"), Type = "outbox", File = file }, _console, TimeProvider.System,
            logger ?? NullLogger<OutboxGateway>.Instance);
}
