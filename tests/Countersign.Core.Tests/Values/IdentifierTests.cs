using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Countersign.Core.Tests.Values;

/// <summary>All kinds of identifiers have one form, so that who knows one knows the next.</summary>
public sealed class IdentifierTests
{
    private static readonly Type[] _kinds =
        [.. typeof(ProjectId).Assembly.GetTypes().Where(type => type.IsValueType && type.GetInterfaces().Any(IsIdentifier))];

    public static TheoryData<Type> Kinds => [.. _kinds];

    [Fact]
    public void There_is_one_for_whatever_is_named_by_text() => Assert.Equal(
        [nameof(ClientId), nameof(GatewayName), nameof(ProjectId), nameof(SourceName)],
        _kinds.Select(kind => kind.Name).Order(StringComparer.Ordinal));

    [Theory]
    [Trait("attack", "A07")]
    [MemberData(nameof(Kinds))]
    public void Every_kind_is_a_value_that_only_its_parser_makes(Type kind)
    {
        Assert.True(kind.IsDefined(typeof(IsReadOnlyAttribute), inherit: false));
        Assert.True(typeof(IEquatable<>).MakeGenericType(kind).IsAssignableFrom(kind));
        Assert.Empty(kind.GetConstructors());
        // Not to a text and from one without a word: two kinds could be swapped by way of it.
        Assert.DoesNotContain(kind.GetMethods(), method => method.Name is "op_Implicit" or "op_Explicit");
        Assert.Empty(kind.GetProperties(BindingFlags.Public | BindingFlags.Instance));
    }

    [Theory]
    [InlineData("shop-2", "Shop", "-shop", "sh_op", "sh op", "shöp", "shop\n")]
    [InlineData("0", "", "shop.", "a/b")]
    public void A_project_id_is_lower_case_with_hyphens(string good, params string[] bad) =>
        AssertForm<ProjectId>(good, 64, "must be 1 to 64 of a-z, 0-9 and -, and not begin with -", bad);

    [Theory]
    [InlineData("shop-0123abcd", "", "a\0b", "a\nb")]
    [InlineData("Any word, ü", "\u007f", "\t")]
    public void A_client_id_is_any_word_that_shows(string good, params string[] bad) =>
        AssertForm<ClientId>(good, 256, "must be 1 to 256 characters without control characters", bad);

    [Theory]
    [InlineData("kannel-2", "", "Kannel", "kan.nel", "kan/nel", "ka nnel", "kannel\n")]
    [InlineData("-", "_")]
    public void A_gateway_name_can_stand_in_an_address(string good, params string[] bad) =>
        AssertForm<GatewayName>(good, 64, "must be 1 to 64 of a-z, 0-9 and -", bad);

    [Theory]
    [InlineData("crm.2026_a-b", "", "Crm", "a b", "a/b", "crm\n")]
    [InlineData(".", ":")]
    public void A_source_name_is_lower_case_with_marks(string good, params string[] bad) =>
        AssertForm<SourceName>(good, 64, "must be 1 to 64 of a-z0-9._-", bad);

    private static void AssertForm<T>(string good, int max, string problem, string[] bad)
        where T : struct, IIdentifier<T>
    {
        var id = T.Parse(good);

        Assert.Equal(good, id.ToString());
        Assert.Equal(good, $"{id}");
        Assert.Equal(id, T.Parse(new string(good.AsSpan())));
        Assert.NotEqual(id, T.Parse("other"));
        Assert.Equal($"\"{good}\"", JsonSerializer.Serialize(id, _plain));
        Assert.Equal(id, JsonSerializer.Deserialize<T>($"\"{good}\"", _plain));
        Assert.Equal("", default(T).ToString());
        Assert.True(T.TryParse(new string('a', max), out _));
        Assert.Equal((null, null), (T.ProblemOf(good), T.ProblemOf("a")));

        foreach (var text in bad.Append(new string('a', max + 1)))
        {
            Assert.Equal(problem, T.ProblemOf(text));
            Assert.False(T.TryParse(text, out var none));
            Assert.Equal(default, none);
            Assert.Throws<FormatException>(() => T.Parse(text));
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(text), _plain));
        }
        Assert.False(T.TryParse(null, out _));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<T>("null", _plain));
    }

    private static readonly JsonSerializerOptions _plain =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static bool IsIdentifier(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IIdentifier<>);
}
