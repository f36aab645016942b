using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Countersign.Core;

namespace Countersign.Server.Tests.Conventions;

/// <summary>A careless line with one of the server's records in it must be safe. (The core's own are held by its own tests.)</summary>
public sealed class PrintingTests
{
    private const string Marker = "Marker";

    // What the documents are made of: published words.
    private static readonly string[] _documentation = ["Countersign.Server.OpenApi", "Countersign.Server.Contract"];

    /// <summary>Records that may print a text they hold, and why.</summary>
    private static readonly Dictionary<string, string> _mayPrint = new()
    {
        ["ErrorBody"] = "the server's own words about a problem",
        ["ProblemBody"] = "the server's own words about a problem",
        ["Answer"] = "a media type",
        ["WebhookResponse"] = "a webhook's id is no secret",
        ["WebhookSecretResponse"] = "a webhook's id is no secret",
        ["WebhookTestResponse"] = "a status or a code of a closed set",
        ["GivenUpResponse"] = "a code of a closed set",
        ["TimelineLine"] = "the server's own words about a fact without personal data",
        ["Fault"] = "the server's own words about a problem",
        ["TokenError"] = "the server's own words about a problem",
        ["StepError"] = "the server's own words about a problem",
        ["HealthBody"] = "one word of the server's",
        ["Evaluation"] = "words of the contract",
        ["Reason"] = "words of the contract",
        ["Idv"] = "a word of the contract",
        ["IdvSource"] = "a word of the contract",
        ["StartResponse"] = "a correlation id",
        ["ValidateRequest"] = "a correlation id",
        ["ChallengeRequest"] = "a correlation id",
        ["CompleteRequest"] = "a correlation id",
        ["ExpectedResult"] = "words of the contract",
        ["AuthorizationServerMetadata"] = "public",
        ["JsonWebKeys"] = "public",
        ["PublicKey"] = "public",
        ["AdminCaller"] = "the name of a key",
        ["ServerResponse"] = "a mode",
        ["ProjectSetting"] = "the name of a setting",
        ["ProjectRequest"] = "a project's id",
        ["ProjectResponse"] = "a project's id",
        ["ClientResponse"] = "a client's id is no secret",
        ["ClientSecretResponse"] = "a client's id is no secret",
        ["NewAdminKey"] = "an admin key's name is no secret",
        ["AdminKeyResponse"] = "an admin key's name is no secret",
        ["AdminKeySecretResponse"] = "an admin key's name is no secret",
        ["EncryptionKeyResponse"] = "the id of a key tells nothing of it",
        ["EncryptionKeyMadeResponse"] = "the id of a key tells nothing of it",
        ["TextReport"] = "otp or link",
        ["RiskResponse"] = "report or refuse",
        ["FlowText"] = "otp or link",
        ["FlowTextAttempt"] = "a state",
        ["FlowResponse"] = "a correlation id",
        ["FlowItem"] = "a correlation id",
        ["StatisticsResponse"] = "a word",
        ["CountResponse"] = "what flows have in common",
        ["FlowDetails"] = "a correlation id",
        ["FlowLine"] = "a sentence made of codes",
        ["SentText"] = "otp or link",
        ["Explanation"] = "this server's own words",
        ["Meaning"] = "this server's own words",
        ["NextStep"] = "this server's own words",
        ["ReceiptPayload"] = "a correlation id",
        ["PossessionAssurance"] = "a method's name",
        ["Caller"] = "a client's id is no secret",
        ["BrowserCaller"] = "a project's name and settings; the flow prints its id and the digits are masked",
        ["VerifyOutcome"] = "words of the contract",
        ["VerifyStatusResponse"] = "words of the contract and a correlation id, which is no credential",
        ["VerifyStatusRequest"] = "a correlation id",
        ["VerifyResponse"] = "a correlation id",
        ["EitherVerify"] = "its two requests mask themselves",
        ["OneCallRequest"] = "a verification type",
        ["OneCallResponse"] = "a correlation id",
        ["OneCallOutcome"] = "words of the contract",
        ["VerifiedIdentity"] = "a level",
        ["VerifyBatchResponse"] = "a correlation id",
        ["BatchResult"] = "words of the contract",
        ["UnifyOutcome"] = "words of the contract and ids",
        ["UnifyStatusRequest"] = "a correlation id",
        ["UnifyStatusResponse"] = "words of the contract",
        ["UnifyBindRequest"] = "a correlation id",
        ["UnifyResponse"] = "a correlation id",
        ["FlowView"] = "words of the contract and a correlation id",
        ["StepAnswer"] = "a step's name",
        ["SandboxMessage"] = "otp or link",
        ["TestUser"] = "a role; test users are nobody",
        ["SandboxUser"] = "a role; test users are nobody",
        ["Phrase"] = "the link page's own words",
        ["LinkView"] = "a project's name and the link page's own words",
        ["TokenResponse"] = "Bearer",
        ["TextRow"] = "attempts: gateways' names and states",
        ["OperatorSettings"] = "a name in the configuration",
        ["AccessToken"] = "a client's id and a project's, taken out of a token",
    };

    public static TheoryData<string> Records => [.. AllRecords.Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(Records))]
    public void A_record_prints_no_text_that_came_from_outside(string name)
    {
        var type = AllRecords.Single(t => t.FullName == name);

        var printed = Fill(type).ToString()!;

        Assert.DoesNotContain("2025550142", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("abababab", printed, StringComparison.Ordinal);
        if (!_mayPrint.ContainsKey(type.Name))
        {
            Assert.DoesNotContain(Marker, printed, StringComparison.Ordinal);
        }
    }

    private static Type[] AllRecords { get; } =
    [
        .. Product.Assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => !type.IsAbstract && !type.IsGenericTypeDefinition && IsRecord(type)
                && !_documentation.Contains(type.Namespace, StringComparer.Ordinal))
            .OrderBy(type => type.FullName, StringComparer.Ordinal),
    ];

    private static bool IsRecord(Type type) => type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null;

    /// <summary>A value whose every text says <see cref="Marker"/>.</summary>
    private static object Fill(Type type)
    {
        if (type == typeof(string))
        {
            return Marker;
        }
        if (type == typeof(PhoneNumber))
        {
            return PhoneNumber.Parse("+12025550142");
        }
        if (type == typeof(SecretHash))
        {
            return new SecretHash(string.Concat(Enumerable.Repeat("ab", 32)));
        }
        if (type == typeof(Secret))
        {
            return new Secret(Marker);
        }
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Fill(inner);
        }
        if (type.IsArray)
        {
            return Array.CreateInstance(type.GetElementType()!, 0);
        }
        if (type.IsInterface && type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)))
        {
            return type.GetGenericArguments().Length == 1
                ? Array.CreateInstance(type.GetGenericArguments()[0], 0)
                : Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(type.GetGenericArguments()))!;
        }
        if (type.IsAbstract && IsRecord(type))
        {
            return Fill(MembersOf(type).First(member => member.IsSubclassOf(type) && !member.IsAbstract));
        }
        if (!IsRecord(type))
        {
            return type.IsAbstract || type.IsAssignableTo(typeof(Delegate)) ? null! : RuntimeHelpers.GetUninitializedObject(type);
        }

        var constructor = type.GetConstructors().Where(c => c.GetParameters() is not [{ } only] || only.ParameterType != type)
            .MaxBy(c => c.GetParameters().Length);
        var value = constructor is null
            ? RuntimeHelpers.GetUninitializedObject(type)
            : constructor.Invoke([.. constructor.GetParameters().Select(p => p.ParameterType == type ? null : Fill(p.ParameterType))]);
        foreach (var property in type.GetProperties()
            .Where(p => p.SetMethod is not null && p.PropertyType != type && p.GetIndexParameters().Length == 0))
        {
            property.SetValue(value, Fill(property.PropertyType));
        }
        return value;
    }

    /// <summary>Those of a generic set are generic themselves.</summary>
    private static IEnumerable<Type> MembersOf(Type set) => set.IsGenericType
        ? set.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic)
            .Select(member => member.MakeGenericType(set.GetGenericArguments()))
        : set.Assembly.GetTypes();
}
