using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Countersign.Core.Unify;

namespace Countersign.Storage;

/// <summary>What is stored as JSON. The names are for ever; the golden tests hold them.</summary>
/// <remarks>
/// An init property whose member is missing reads as null or zero, not as its initial value in the type: that is how the source generator
/// builds objects. A member added to <see cref="StoredFlow"/> must therefore be able to be null, for the flows stored before it.
/// </remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [
        typeof(CorrelationIdConverter), typeof(PhoneNumberConverter), typeof(SecretHashConverter), typeof(SecretConverter),
        typeof(PossessionMethodConverter), typeof(SsnConverter), typeof(PartialDateConverter), typeof(FlowConverter)])]
[JsonSerializable(typeof(Flow))]
[JsonSerializable(typeof(StoredFlow))]
[JsonSerializable(typeof(TextBody))]
[JsonSerializable(typeof(Outcome))]
[JsonSerializable(typeof(Announcement))]
[JsonSerializable(typeof(WebhookBody))]
[JsonSerializable(typeof(TextAttempt[]))]
[JsonSerializable(typeof(ProjectSettings))]
[JsonSerializable(typeof(SortedDictionary<string, bool>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(IdentityBody))]
[JsonSerializable(typeof(PasskeyBody))]
[JsonSerializable(typeof(RecordBody))]
[JsonSerializable(typeof(ImportPlan))]
[JsonSerializable(typeof(PreFillState.AwaitingPossession), TypeInfoPropertyName = "PreFillAwaitingPossession")]
[JsonSerializable(typeof(PreFillState.Failed), TypeInfoPropertyName = "PreFillFailed")]
[JsonSerializable(typeof(UnifyState.AwaitingPossession), TypeInfoPropertyName = "UnifyAwaitingPossession")]
[JsonSerializable(typeof(UnifyState.Done), TypeInfoPropertyName = "UnifyDone")]
internal sealed partial class StoredJson : JsonSerializerContext;

/// <summary>The part of a text that only its phone may see.</summary>
/// <param name="Project">Null for texts that a version stored which knew no caps.</param>
/// <param name="Subject">Null for texts that a version stored which announced nothing.</param>
internal sealed record TextBody(
    PhoneNumber To, Secret Text, Secret Proof, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, ProjectId? Project = null,
    FlowSubject? Subject = null);

/// <summary>A value that is one string in JSON.</summary>
internal abstract class OneStringConverter<T> : JsonConverter<T>
{
    protected abstract T FromText(string text);

    protected abstract string ToText(T value);

    public sealed override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        FromText(reader.GetString() ?? throw new JsonException("A string is missing."));

    public sealed override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(ToText(value));
}

internal sealed class CorrelationIdConverter : OneStringConverter<CorrelationId>
{
    protected override CorrelationId FromText(string text) => CorrelationId.Parse(text);

    protected override string ToText(CorrelationId value) => value.ToString();
}

internal sealed class PhoneNumberConverter : OneStringConverter<PhoneNumber>
{
    protected override PhoneNumber FromText(string text) => PhoneNumber.Parse(text);

    protected override string ToText(PhoneNumber value) => value.E164;
}

internal sealed class SecretHashConverter : OneStringConverter<SecretHash>
{
    protected override SecretHash FromText(string text) => new(text);

    protected override string ToText(SecretHash value) => value.Hex;
}

internal sealed class SecretConverter : OneStringConverter<Secret>
{
    protected override Secret FromText(string text) => new(text);

    protected override string ToText(Secret value) => value.Reveal();
}

internal sealed class SsnConverter : OneStringConverter<Ssn>
{
    protected override Ssn FromText(string text) => Ssn.Parse(text);

    protected override string ToText(Ssn value) => value.Digits;
}

internal sealed class PartialDateConverter : OneStringConverter<PartialDate>
{
    protected override PartialDate FromText(string text) => PartialDate.Parse(text);

    protected override string ToText(PartialDate value) => value.ToText();
}

internal sealed class PossessionMethodConverter : OneStringConverter<PossessionMethod>
{
    protected override PossessionMethod FromText(string text) => new(text);

    protected override string ToText(PossessionMethod value) => value.Name;
}
