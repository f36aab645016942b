using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Countersign.Providers.Sms;

/// <summary>The fields of a query or of a form, decoded, in the order they came.</summary>
internal static class FormFields
{
    public static IReadOnlyList<KeyValuePair<string, string>> Of(string encoded)
    {
        var fields = new List<KeyValuePair<string, string>>();
        foreach (var field in new QueryStringEnumerable(encoded))
        {
            fields.Add(new(field.DecodeName().ToString(), field.DecodeValue().ToString()));
        }
        return fields;
    }

    public static IReadOnlyList<KeyValuePair<string, string>> Of(ReadOnlyMemory<byte> form) => Of(Encoding.UTF8.GetString(form.Span));

    /// <summary>The first of this name, or null.</summary>
    public static string? Find(this IReadOnlyList<KeyValuePair<string, string>> fields, string name)
    {
        foreach (var (key, value) in fields)
        {
            if (key == name)
            {
                return value;
            }
        }
        return null;
    }
}
