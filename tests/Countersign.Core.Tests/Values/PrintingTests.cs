using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Limits;

namespace Countersign.Core.Tests.Values;

/// <summary>A careless line with a record in it must be safe: personal data and secrets are masked by their types.</summary>
public sealed class PrintingTests
{
    private const string Marker = "Marker";

    /// <summary>Records that may print a text they hold, and why.</summary>
    private static readonly Dictionary<string, string> _mayPrint = new()
    {
        ["Ending"] = "a code of the closed set",
        ["Announcement"] = "a code of the closed set",
        ["PublishedEvent"] = "a code of the closed set",
        ["DeadDelivery"] = "a code of the closed set",
        ["WebhookOutcome"] = "a status or a code of the closed set",
        ["FlowEvent"] = "codes, names of gateways and sources, and an operator's word without numbers",
        ["PossessionMethod"] = "a method's name",
        ["Refused"] = "an adapter's reason, by its contract free of personal data",
        ["Project"] = "a relying party's name and settings, no person's",
        ["ProjectSettings"] = "settings",
        ["StricterSetting"] = "a setting's name",
        ["AdminKey"] = "a key's name, no secret",
        ["SigningKey"] = "the key's public id",
        ["ReceiptKey"] = "the key's public id",
        ["FlowAssurance"] = "a method's name",
        ["NameAssurance"] = "a rule's name",
        ["NotAvailable"] = "an adapter's reason, by its contract free of personal data",
        ["ProofRejected"] = "an adapter's reason, by its contract free of personal data",
        ["SimulatedOperator"] = "an address out of the configuration",
        ["PossessionPlan"] = "methods' names",
        ["Ready"] = "methods' names",
        ["Challenged"] = "methods' names; the proof is a masked hash",
        ["Succeeded"] = "a method's name",
        ["ChallengeSent"] = "a method's name; the proof is a masked hash",
        ["MethodUnavailable"] = "a method's name",
        ["NumberChanged"] = "a method's name; the proof is a masked hash",
        ["ProvenAtOnce"] = "a method's name",
        ["TextUndelivered"] = "a method's name",
        ["BudgetSpent"] = "a method's name",
        ["TextAttempt"] = "a gateway's name, and the operator's word, in which what could be a number is masked",
        ["Received"] = "the operator's word, in which what could be a number is masked",
        ["TextRoute"] = "a sender out of the configuration",
        ["NumberUse"] = "an operation's name",
        ["DataClass"] = "a name of the closed set",
        ["Scenario"] = "words of the closed sets",
        ["ScenarioFlow"] = "words of the closed sets",
        ["ScenarioStep"] = "a word of the closed set",
        ["ScenarioFact"] = "a code of the closed set",
        ["ScenarioExpectation"] = "a code of the closed set",
        ["ScenarioLimit"] = "a word of the closed set",
        ["ScenarioAct"] = "words of the closed sets",
        ["Made"] = "words of the closed sets",
        ["NotPossible"] = "a sentence of the closed set",
    };

    /// <summary>Of these this test makes empty ones: names that nobody has given, what prints one, and rights without a scope.</summary>
    private static readonly string[] _printNothingHere =
    [
        "ProjectId", "ClientId", "SourceName", "GatewayName", "WebhookId", "Webhook", "KeyOwner", "ScenarioText", "AdminRights",
    ];

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

    [Theory]
    [MemberData(nameof(Records))]
    public void A_record_prints_something_so_that_a_line_says_what_it_was(string name)
    {
        var type = AllRecords.Single(t => t.FullName == name);

        Assert.Equal(_printNothingHere.Contains(type.Name), Fill(type).ToString() is "");
    }

    [Fact]
    public void What_is_secret_or_personal_prints_as_stars() => Assert.All(
        (object[])
        [
            new Secret("1234"), Sample.Hash(1), new PersonName("Lori", "Montgomery"), new CounterKey(Sample.Hash(1)),
            new BrowserNetwork("203.0.113.7", IsOfOne: true), new Remembered.Answered([1]),
            new KeyedAnswer(new KeyedCall(Sample.Hash(1), Sample.Hash(2), Sample.Now, Sample.Now), [1]), MasterKey.New(), LineKey.New(),
            new DayKeys(KeyRing.Of(MasterKey.New(), TimeProvider.System)),
        ],
        value => Assert.Equal("***", value.ToString()));

    [Fact]
    public void The_list_of_exceptions_names_only_records_that_print_something()
    {
        var needless = _mayPrint.Keys.Where(name =>
            AllRecords.All(type => type.Name != name || !Fill(type).ToString()!.Contains(Marker, StringComparison.Ordinal)));

        Assert.Empty(needless);
    }

    private static Type[] AllRecords { get; } =
        [.. typeof(PhoneNumber).Assembly.GetTypes().Where(type => !type.IsAbstract && !type.IsGenericType && IsRecord(type))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)];

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
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            var arguments = type.GetGenericArguments();
            var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments))!;
            dictionary.Add(Fill(arguments[0]), Fill(arguments[1]));
            return dictionary;
        }
        if (type.IsAssignableTo(typeof(Delegate)))
        {
            return null!;
        }
        if (type.IsAbstract && type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)))
        {
            return Array.CreateInstance(type.GetGenericArguments()[0], 0);
        }
        if (type.IsAbstract)
        {
            return Fill(type.Assembly.GetTypes().First(member => member.IsSubclassOf(type) && !member.IsAbstract));
        }
        if (!IsRecord(type))
        {
            return RuntimeHelpers.GetUninitializedObject(type);
        }

        var constructor = type.GetConstructors().Where(c => c.GetParameters() is not [{ } only] || only.ParameterType != type)
            .MaxBy(c => c.GetParameters().Length);
        // A plan may be followed by a plan, without end.
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
}
