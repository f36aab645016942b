namespace Countersign.Server.Endpoints.Admin;

/// <summary>Who may use the admin API (<c>Countersign:Admin</c>).</summary>
internal sealed class AdminOptions
{
    /// <summary>Keys by the name under which the log knows who used them.</summary>
    /// <value>None by default: then there is no admin API. A name has 1 to 64 of <c>A-Za-z0-9-_.</c>, a key 32 to 256 visible ASCII characters.</value>
    public Dictionary<string, string> Keys { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is wrong with the keys, each in a sentence.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var (name, key) in Keys)
        {
            if (name.Length > 64 || name.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.')))
            {
                yield return "Countersign:Admin:Keys has a name that is not 1 to 64 of A-Za-z0-9-_. The name stands before the key: Countersign:Admin:Keys:ops.";
            }
            else if (key is not { Length: >= 32 and <= 256 } || key.Any(character => character is < '!' or > '~'))
            {
                yield return $"Countersign:Admin:Keys:{name} must be 32 to 256 visible ASCII characters. Make one: openssl rand -hex 32.";
            }
        }
        if (Keys.Values.Distinct(StringComparer.Ordinal).Count() < Keys.Count)
        {
            yield return "Countersign:Admin:Keys has the same key under two names, so the log could not say who used it. Give each name a key of its own.";
        }
    }

    public override string ToString() => $"{Keys.Count} keys";
}
