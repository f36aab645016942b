using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Countersign.Client.Wire;

/// <summary>An answer about a flow that the caller named: it does not say the id again.</summary>
internal interface IAboutFlow;

/// <summary>What holds for all types on the wire, so that a new member of one is a line in that type and nothing else.</summary>
/// <remarks>
/// A list that is empty is not sent, unless it is required. What is <see langword="required"/> in a type is required of an answer, and
/// blank text counts as missing. A required list holds no nulls; any other loses them. A flag that is not required is false where it is
/// not written as one.
/// </remarks>
internal static class WireRules
{
    public static void Apply(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        if (typeof(IAboutFlow).IsAssignableFrom(type.Type))
        {
            type.Properties.Single(property => property.Name == "correlationId").IsRequired = false;
        }

        var required = type.Properties.Where(property => property.IsRequired).ToList();
        var optional = type.Properties.Where(property => !property.IsRequired).ToList();
        foreach (var property in optional)
        {
            if (IsList(property.PropertyType))
            {
                property.ShouldSerialize = (_, value) => value is IEnumerable items && items.Cast<object?>().Any();
            }
            else if (property.PropertyType == typeof(bool))
            {
                property.CustomConverter = new OrDefault<bool>(new LenientBoolean());
            }
        }

        type.OnDeserialized = answer =>
        {
            if (required.Exists(property => IsMissing(property.Get!(answer))))
            {
                throw new JsonException();
            }

            optional.ForEach(property => Mend(property.Get!(answer)));
        };
    }

    private static bool IsList(Type type) => type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type);

    private static bool IsMissing(object? value) =>
        value is IList list ? list.Contains(null) : string.IsNullOrWhiteSpace(value?.ToString());

    private static void Mend(object? value)
    {
        switch (value)
        {
            case IList list:
                while (list.Contains(null))
                {
                    list.Remove(null);
                }

                break;

            case IDictionary<string, CategoryEvaluation> evaluation:
                foreach (var category in evaluation.Where(category => category.Value is null).Select(category => category.Key).ToList())
                {
                    evaluation[category] = new CategoryEvaluation();
                }

                break;
        }
    }
}
