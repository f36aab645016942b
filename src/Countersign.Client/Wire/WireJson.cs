using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Countersign.Client.Wire;

/// <summary>Writes requests and reads answers: the public types as they are, by <see cref="WireRules"/>.</summary>
internal static class WireJson
{
    private static readonly JsonSerializerOptions _underFirstNames = new(WireTypes.Default.Options)
    {
        // Writes '+' and letters outside ASCII as they are. No page embeds these bodies, and six bytes for each letter of a text message
        // would come near the contract's 4096 bytes for a body.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = WireTypes.Default.WithAddedModifier(WireRules.Apply).WithAddedModifier(UnwrapEmail),
        Converters =
        {
            new TextConverter<FlowType>(text => new(text), value => value.Value),
            new TextConverter<VerificationType>(text => new(text), value => value.Value),
            new TextConverter<VerificationOutcome>(text => new(text), value => value.Value),
            new TextConverter<UnifyOutcome>(text => new(text), value => value.Value),
            new TextConverter<PossessionResult>(text => new(text), value => value.Value),
            new TextConverter<VerifyResult>(text => new(text), value => value.Value),
            new TextConverter<EvaluationResult>(text => new(text), value => value.Value),
            new TextConverter<AssuranceLevel>(text => new(text), value => value.Value),
            new TextConverter<IdvConfidence>(text => new(text), value => value.Value),
            new TextConverter<NationalId?>(text => new NationalId(text), value => value?.Reveal()),
            new TextConverter<BirthDate?>(BirthDate.Read, value => value?.Reveal()),
            new NextStepConverter(),
            new LenientBoolean(),
            new LenientInt32(),
            new LenientDouble(),
            new LenientMoment(),
            new OrDefault<int>(new LenientInt32()),
        },
    };

    private static readonly JsonSerializerOptions _options = new(_underFirstNames)
    {
        Converters =
        {
            new SecondNames<EnrolResponse>(_underFirstNames, ("identityId", "proveId")),
            new SecondNames<EnrolBatchResult>(_underFirstNames, ("identityId", "proveId")),
            new SecondNames<IdentityReference>(_underFirstNames, ("identityId", "proveId")),
            new SecondNames<EnrolledIdentity>(_underFirstNames, ("identityId", "proveId"), ("creationString", "createdAt")),
            new SecondNames<LinkedDomain>(_underFirstNames, ("acceptedString", "acceptedAt")),
            new SecondNames<RequestedDomain>(_underFirstNames, ("requestedString", "requestedAt")),
            new SecondNames<PostalAddress>(_underFirstNames, ("zipCode", "postalCode")),
            // Servers of September 2025 spell it so.
            new SecondNames<CrossDomainBody>(_underFirstNames, ("identites", "identities")),
        },
    };

    public static byte[] Write<T>(T request) => JsonSerializer.SerializeToUtf8Bytes(request, TypeOf<T>());

    /// <exception cref="JsonException">It is not what the contract says.</exception>
    public static T? Read<T>(ReadOnlySpan<byte> answer) => JsonSerializer.Deserialize(answer, TypeOf<T>());

    /// <summary>Without leniency: the message of an error that is not the contract's may hold anything.</summary>
    /// <exception cref="JsonException">It is not what the contract says.</exception>
    public static ErrorBody? ReadError(byte[] answer) => JsonSerializer.Deserialize(answer, WireTypes.Default.ErrorBody);

    private static void UnwrapEmail(JsonTypeInfo type)
    {
        if (type.Type == typeof(IdvSource))
        {
            type.Properties.Single(property => property.Name == "email").CustomConverter = new WrappedFlag("emailAddress");
        }
    }

    private static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)_options.GetTypeInfo(typeof(T));
}
