using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Pumping;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Storage;

/// <summary>
/// A flow as its row has it. Names and their order are for ever; of what follows possession each product has a name of its own.
/// </summary>
internal sealed record StoredFlow
{
    public required CorrelationId Id { get; init; }
    public required ProjectId ProjectId { get; init; }
    public required Product Product { get; init; }
    public required FlowType Type { get; init; }
    public ClientId? Client { get; init; }
    public required PhoneNumber Number { get; init; }
    public string? NumberAsGiven { get; init; }
    public PersonName? Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public string? FinalTargetUrl { get; init; }
    public string? SmsMessage { get; init; }
    public bool AllowsOtpRetry { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TakesNoText { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public NumberChangeTerms NumberChange { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsNumberChanged { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsChallengePassed { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TellsAssurance { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PumpingMark? Pumping { get; init; }

    public string? ClientRequestId { get; init; }
    public string? ClientCustomerId { get; init; }
    public Secret? ReceiptSeed { get; init; }
    public SecretHash? MatchDigits { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public SeenBrowser? BegunBy { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsSameDevice { get; init; }

    public required PossessionState Possession { get; init; }
    public VerifiedUserState? VerifiedUser { get; init; }
    public PreFillProgress? PreFill { get; init; }
    public UnifyProgress? Unify { get; init; }
    public IReadOnlyList<FlowEvent>? Timeline { get; init; }

    public static StoredFlow Of(Flow flow) => new()
    {
        Id = flow.Id,
        ProjectId = flow.ProjectId,
        Product = flow.Product,
        Type = flow.Type,
        Client = flow.Client,
        Number = flow.Number,
        NumberAsGiven = flow.NumberAsGiven,
        Name = flow.Name,
        CreatedAt = flow.CreatedAt,
        ExpiresAt = flow.ExpiresAt,
        FinalTargetUrl = flow.FinalTargetUrl,
        SmsMessage = flow.SmsMessage,
        AllowsOtpRetry = flow.AllowsOtpRetry,
        TakesNoText = flow.TakesNoText,
        NumberChange = flow.NumberChange,
        IsNumberChanged = flow.IsNumberChanged,
        IsChallengePassed = flow.IsChallengePassed,
        TellsAssurance = flow.TellsAssurance,
        Pumping = flow.Pumping,
        ClientRequestId = flow.ClientRequestId,
        ClientCustomerId = flow.ClientCustomerId,
        ReceiptSeed = flow.ReceiptSeed,
        MatchDigits = flow.MatchDigits,
        BegunBy = flow.BegunBy,
        IsSameDevice = flow.IsSameDevice,
        Possession = flow.Possession,
        VerifiedUser = flow.Tail as VerifiedUserState,
        PreFill = flow.Tail as PreFillProgress,
        Unify = flow.Tail as UnifyProgress,
        Timeline = flow.Timeline,
    };

    public Flow ToFlow() => new()
    {
        Id = Id,
        ProjectId = ProjectId,
        Type = Type,
        Client = Client,
        Number = Number,
        NumberAsGiven = NumberAsGiven,
        Name = Name,
        CreatedAt = CreatedAt,
        ExpiresAt = ExpiresAt,
        FinalTargetUrl = FinalTargetUrl,
        SmsMessage = SmsMessage,
        AllowsOtpRetry = AllowsOtpRetry,
        TakesNoText = TakesNoText,
        NumberChange = NumberChange,
        IsNumberChanged = IsNumberChanged || (Timeline ?? []).Any(IsChangeOfNumber),
        IsChallengePassed = IsChallengePassed,
        TellsAssurance = TellsAssurance,
        Pumping = Pumping,
        ClientRequestId = ClientRequestId,
        ClientCustomerId = ClientCustomerId,
        ReceiptSeed = ReceiptSeed,
        MatchDigits = MatchDigits,
        BegunBy = BegunBy,
        IsSameDevice = IsSameDevice,
        Possession = Possession,
        Tail = (ProductState?)VerifiedUser ?? (ProductState?)PreFill ?? Unify
            ?? throw new JsonException("A flow has the state of a product."),
        Timeline = Timeline ?? [],
    };

    public override string ToString() => Id.ToString();

    // Versions that stored no member for it have the fact in the timeline, the first of them as a sentence.
    private static bool IsChangeOfNumber(FlowEvent happened) =>
        (happened.Code ?? happened.What) is FlowEventCode.NumberChanged or "number changed";
}

internal sealed class FlowConverter : JsonConverter<Flow>
{
    public override Flow? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, StoredJson.Default.StoredFlow)?.ToFlow();

    public override void Write(Utf8JsonWriter writer, Flow value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, StoredFlow.Of(value), StoredJson.Default.StoredFlow);
}
