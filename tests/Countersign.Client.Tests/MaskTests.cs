using System.Collections;
using System.Reflection;
using System.Text.Json;
using Countersign.Client.Testing;
using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests;

public sealed class MaskTests
{
    private static readonly VerifyRequest _request = Some.VerifyRequest with
    {
        EmailAddress = "person@example.com",
        SmsMessage = "marker-text ####",
        ClientCustomerId = "marker-customer",
        FinalTargetUrl = "https://example.com/marker",
    };

    public static TheoryData<object> Printable { get; } =
    [
        _request,
        new FakeCall { Method = "VerifyAsync", Request = _request, Options = new RequestOptions { IdempotencyKey = "marker-key" } },
        new RequestOptions { IdempotencyKey = "marker-key" },
        new VerifyResponse { AuthToken = "marker-token", CorrelationId = Some.CorrelationId, Outcome = VerificationOutcome.Pending },
        new FakeCall { Method = "Identities.LookUpAsync", Request = Some.PhoneNumber },
        new CountersignClientOptions
        {
            ClientId = "project",
            ClientSecret = Some.Secret,
            BaseUrl = new Uri("https://user:marker@countersign.test"),
        },
    ];

    [Theory]
    [MemberData(nameof(Printable), DisableDiscoveryEnumeration = true)]
    public void Printing_it_shows_no_person_no_token_and_no_secret(object value)
    {
        var text = value.ToString();

        foreach (var hidden in new[] { Some.PhoneNumber, "2001004011", Some.FirstName, Some.LastName, "person@", "marker", Some.Secret })
        {
            Assert.DoesNotContain(hidden, text, StringComparison.OrdinalIgnoreCase);
        }
    }

    // Ids that the server or the contract gives, and words that say nothing of a person.
    private static readonly HashSet<string> _printed = new(StringComparer.Ordinal)
    {
        "CorrelationId", "ProveId", "IdentityId", "AttributeId", "AttributeType", "IssuerId", "DeviceId", "Pcid", "PcidFrom", "PcidTo",
        "Scopes", "Method", "AmlType", "ReasonCodes", "Reasons",
    };

    public static TheoryData<Type> Records { get; } = new(
        typeof(CountersignClient).Assembly.GetExportedTypes().Where(type => type.GetMethod("<Clone>$") is not null));

    [Theory]
    [MemberData(nameof(Records), DisableDiscoveryEnumeration = true)]
    public void A_record_prints_ids_and_results_and_nothing_else_that_it_was_given(Type type)
    {
        var text = Fill(type)!.ToString()!;

        Assert.DoesNotContain("marker", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("1976", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Records), DisableDiscoveryEnumeration = true)]
    public void A_serialiser_of_the_applications_own_writes_any_record_and_no_national_id(Type type) =>
        Assert.DoesNotContain("265228370", JsonSerializer.Serialize(Fill(type), type), StringComparison.Ordinal);

    [Fact]
    public void A_number_keeps_its_first_and_last_two_characters() =>
        Assert.Equal("VerifyRequest { FlowType = mobile, PhoneNumber = +1********11 }", _request.ToString());

    private static object? Fill(Type type)
    {
        if (type == typeof(string) || type == typeof(object))
        {
            return "marker-that-is-long";
        }

        if (type == typeof(BirthDate))
        {
            return new BirthDate(1976, 5, 4);
        }

        if (type == typeof(NationalId))
        {
            return new NationalId("marker-265228370");
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type.GetGenericArguments()))!;
            list.Add(Fill(type.GetGenericArguments()[0]));
            return list;
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Fill(underlying);
        }

        if (type.GetMethod("<Clone>$") is null)
        {
            return type.IsValueType ? Activator.CreateInstance(type) : null;
        }

        var record = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            if (!_printed.Contains(property.Name) && Fill(property.PropertyType) is { } value)
            {
                property.SetValue(record, value);
            }
        }

        return record;
    }

    [Theory]
    [InlineData("+491", "***")]
    [InlineData("1234567", "***")]
    [InlineData("12345678", "12****78")]
    [InlineData(null, "")]
    public void A_short_number_is_hidden_whole(string? phoneNumber, string expected) => Assert.Equal(expected, Mask.Phone(phoneNumber));
}
