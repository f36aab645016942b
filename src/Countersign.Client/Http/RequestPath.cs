using System.Text;

namespace Countersign.Client.Http;

/// <summary>Writes values into paths and queries, so that none of them can lead to another operation.</summary>
internal static class RequestPath
{
    /// <summary>The operation's path with its one parameter filled in.</summary>
    /// <exception cref="ArgumentException">The value is null, empty or white space, or would climb out of the path.</exception>
    public static string Fill(Operation operation, string value, string parameterName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value, parameterName);
        if (value is "." or "..")
        {
            // Escaping leaves dots as they are, and a URL with such a segment is another URL.
            throw new ArgumentException("The value is a relative path.", parameterName);
        }

        var start = operation.Path.IndexOf('{');
        var end = operation.Path.IndexOf('}');
        return operation.Path.Remove(start, end - start + 1).Insert(start, Uri.EscapeDataString(value));
    }

    /// <summary>The operation's path with a query of those values that are there.</summary>
    public static string AddQuery(Operation operation, params (string Name, string? Value)[] parameters)
    {
        var query = new StringBuilder(operation.Path);
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                query.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                separator = '&';
            }
        }

        return query.ToString();
    }
}
