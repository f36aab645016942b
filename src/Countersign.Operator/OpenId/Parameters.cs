using Microsoft.Extensions.Primitives;

namespace Countersign.Operator.OpenId;

/// <summary>Parameters of an OAuth request. An empty one counts as absent; none may be there twice (RFC 6749, section 3.1).</summary>
internal sealed class Parameters
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private Parameters(IEnumerable<KeyValuePair<string, StringValues>> source)
    {
        foreach (var (name, values) in source)
        {
            if (values.Count > 1)
            {
                DuplicateName = name;
            }
            else if (!string.IsNullOrEmpty(values.ToString()))
            {
                _values[name] = values.ToString();
            }
        }
    }

    /// <summary>A parameter that is there more than once; null: none is.</summary>
    public string? DuplicateName { get; }

    /// <summary>Null when it is absent.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    public static Parameters Of(IEnumerable<KeyValuePair<string, StringValues>> source) => new(source);

    public static Parameters Of(IReadOnlyDictionary<string, string> claims) =>
        new(claims.Select(c => KeyValuePair.Create(c.Key, new StringValues(c.Value))));

    /// <summary>Those of a form; null when the request brings none.</summary>
    public static async Task<Parameters?> OfFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
        {
            return null;
        }
        try
        {
            return new Parameters(await request.ReadFormAsync(cancellationToken));
        }
        catch (InvalidDataException)
        {
            // A form longer or with more members than anybody needs.
            return null;
        }
    }
}
