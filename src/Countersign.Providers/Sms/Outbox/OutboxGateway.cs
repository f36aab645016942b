using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Providers.Sms.Outbox;

/// <summary>Sends nothing: each text becomes a line of JSON, for whoever tries a Live server out. Not for production.</summary>
internal sealed class OutboxGateway(OutboxOptions options, TextWriter console, TimeProvider time, ILogger<OutboxGateway> logger)
    : ISmsGateway
{
    public static GatewayType Type { get; } = new(
        "outbox",
        section => section.Get<OutboxOptions>() ?? new(),
        (services, options) => services
            .AddSingleton<ISmsGateway>(p => new OutboxGateway(
                (OutboxOptions)options, Console.Out, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<OutboxGateway>>()))
            .AddHostedService(p => new OutboxWarning(options.Name, p.GetRequiredService<ILogger<OutboxWarning>>())));

    private readonly Lock _writing = new();

    public GatewayName Name => options.Name;

    public string? Sender => options.Sender;

    public bool ReportsHandover => false;

    public Task<SmsResult> SubmitAsync(SmsSubmission text, CancellationToken cancellationToken)
    {
        var line = new OutboxLine(
            time.GetUtcNow(), Name.ToString(), text.Text.Id, text.Attempt, text.Text.To.E164, text.Sender ?? options.Sender,
            TextKinds.WordOf(text.Text.Kind), text.Text.Text.Reveal(), text.Text.Proof.Reveal(),
            Math.Max(1, (long)Math.Ceiling(text.Validity.TotalSeconds)));
        try
        {
            Write(JsonSerializer.SerializeToUtf8Bytes(line, OutboxJson.Readable.OutboxLine));
            return Task.FromResult<SmsResult>(new SmsResult.Accepted(ReceiptState.Delivered));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.OutboxNotWritten(logger, Name, exception.GetType().Name);
            return Task.FromResult<SmsResult>(new SmsResult.Rejected(SmsRefusal.NotWritten));
        }
    }

    private void Write(byte[] line)
    {
        // A line at a time, whole: whoever reads along must never see half of one.
        lock (_writing)
        {
            if (options.File is { } file)
            {
                OutboxFile.Append(file, [.. line, (byte)'\n']);
                return;
            }
            console.WriteLine(System.Text.Encoding.UTF8.GetString(line));
        }
    }
}

/// <param name="Proof">The code or the link.</param>
internal sealed record OutboxLine(
    DateTimeOffset At, string Gateway, Guid Id, int Attempt, string To, string? Sender, string Kind, string Text, string Proof,
    long ValiditySeconds)
{
    public override string ToString() => Id.ToString();
}

[JsonSerializable(typeof(OutboxLine))]
internal sealed partial class OutboxJson : JsonSerializerContext
{
    public static OutboxJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
