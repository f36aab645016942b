using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Countersign.Server.Endpoints.Http;

/// <summary>
/// The members of one JSON object, asked for one by one in the order of the contract. Every bad one is remembered under its whole name
/// (<c>individual.firstName</c>), so that one answer names them all.
/// </summary>
internal class RequestMembers
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _twice = new(StringComparer.Ordinal);
    private readonly string _prefix;
    private readonly List<string> _problems;
    private Fault? _unreadable;

    /// <param name="prefix">What stands before a member's name in a problem.</param>
    /// <param name="problems">Where problems go.</param>
    protected RequestMembers(string prefix, List<string> problems) => (_prefix, _problems) = (prefix, problems);

    /// <summary>All problems found so far as one fault, or null.</summary>
    public Fault? Fault
    {
        get
        {
            if (_unreadable is not null)
            {
                return _unreadable;
            }
            // A member that nobody asked for would hide its double.
            foreach (var name in _twice.ToArray())
            {
                Twice(name);
            }
            return _problems.Count == 0 ? null : Http.Fault.Malformed(string.Join("; ", _problems));
        }
    }

    /// <summary>A text, or null when it is absent (null and "" count as absent).</summary>
    /// <param name="check">Says what is wrong with a text that is there, or null.</param>
    public string? Text(string name, bool isRequired = false, Func<string, string?>? check = null)
    {
        if (!TryMember(name, isRequired, IsAbsent, out var element))
        {
            return null;
        }
        if (!TryGetText(element, out var text))
        {
            return Invalid(name, "must be text");
        }
        return check?.Invoke(text) is { } reason ? Invalid(name, reason) : text;
    }

    /// <summary>A text if there is one; what is not text is as good as absent.</summary>
    public string? TextIfAny(string name) =>
        _members.TryGetValue(name, out var element) && TryGetText(element, out var text) ? text : null;

    /// <summary>A required text in which "" is a value too.</summary>
    public string? Entry(string name)
    {
        if (!TryMember(name, isRequired: true, element => element.ValueKind == JsonValueKind.Null, out var element))
        {
            return null;
        }
        return TryGetText(element, out var text) ? text : Invalid(name, "must be text");
    }

    /// <summary>A truth value; false when it is absent.</summary>
    public bool Flag(string name)
    {
        if (!TryMember(name, isRequired: false, IsAbsent, out var element))
        {
            return false;
        }
        if (element.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Invalid(name, "must be true or false");
        }
        return element.ValueKind == JsonValueKind.True;
    }

    /// <summary>A required whole number within bounds; null when it is bad.</summary>
    public int? Number(string name, int least, int most)
    {
        if (!TryMember(name, isRequired: true, IsAbsent, out var element))
        {
            return null;
        }
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) && number >= least && number <= most)
        {
            return number;
        }
        Invalid(name, $"must be a whole number from {least} to {most}");
        return null;
    }

    /// <summary>A number; null when it is absent or bad. Its bounds are the caller's business.</summary>
    public decimal? Fraction(string name)
    {
        if (!TryMember(name, isRequired: false, element => element.ValueKind == JsonValueKind.Null, out var element))
        {
            return null;
        }
        if (element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out var number))
        {
            return number;
        }
        Invalid(name, "must be a number");
        return null;
    }

    /// <summary>An object, or null when it is absent or no object. What is wrong inside it is remembered with the rest.</summary>
    public RequestMembers? Object(string name, bool isRequired = false)
    {
        if (!TryMember(name, isRequired, IsAbsent, out var element))
        {
            return null;
        }
        if (Inside(element, $"{_prefix}{name}.", _problems) is { } members)
        {
            return members;
        }
        Invalid(name, "must be an object");
        return null;
    }

    /// <summary>An object as it was written, for those who read it by rules of their own; null when it is bad or missing.</summary>
    public string? Json(string name)
    {
        if (!TryMember(name, isRequired: true, IsAbsent, out var element))
        {
            return null;
        }
        return element.ValueKind == JsonValueKind.Object ? element.GetRawText() : Invalid(name, "must be an object");
    }

    /// <summary>A list of objects that are read later; empty when it is absent. One that is no object is remembered and left out.</summary>
    /// <param name="isRequired">A required list has at least one entry.</param>
    public IReadOnlyList<RequestMembers> Objects(string name, int most, bool isRequired = false) =>
        Objects(name, most, members => members, isRequired);

    /// <summary>A list of objects, each read in its turn, so that problems stand in their order; empty when it is absent.</summary>
    public IReadOnlyList<T> Objects<T>(string name, int most, Func<RequestMembers, T> read, bool isRequired = false)
    {
        var objects = new List<T>();
        foreach (var (element, place) in List(name, isRequired, most))
        {
            if (Inside(element, $"{_prefix}{place}.", _problems) is { } members)
            {
                objects.Add(read(members));
            }
            else
            {
                Invalid(place, "must be an object");
            }
        }
        return objects;
    }

    /// <summary>A required list of 1 to <paramref name="most"/> items that are read each on its own: a fault stays in its item.</summary>
    /// <returns>For each item its members, under their own names, with the fault that a body of its own would have; null for one that is no object.</returns>
    public IReadOnlyList<RequestMembers?> Items(string name, int most) => [.. List(name, isRequired: true, most).Select(item => Item(item.Element))];

    /// <summary>A list of texts; empty when it is absent. A required one has at least one entry.</summary>
    public IReadOnlyList<string> Texts(string name, int most, Func<string, string?>? check = null, bool isRequired = false)
    {
        var texts = new List<string>();
        foreach (var (element, place) in List(name, isRequired, most))
        {
            if (!TryGetText(element, out var text))
            {
                Invalid(place, "must be text");
            }
            else if (check?.Invoke(text) is { } reason)
            {
                Invalid(place, reason);
            }
            else
            {
                texts.Add(text);
            }
        }
        return texts;
    }

    /// <summary>True when the member is there with a value, good or bad; null and "" are none.</summary>
    public bool IsGiven(string name) => _members.TryGetValue(name, out var element) && !IsAbsent(element);

    /// <summary>True when the member is true: for rules about a member that stands before it. Whether it is good is found where it is read.</summary>
    public bool IsTrue(string name) => _members.TryGetValue(name, out var element) && element.ValueKind == JsonValueKind.True;

    /// <summary>True when the member is there with whatever value, null included.</summary>
    public bool IsNamed(string name) => _members.ContainsKey(name);

    /// <summary>True when the member is there with any value but null; "" is one here.</summary>
    public bool IsPresent(string name) => _members.TryGetValue(name, out var element) && element.ValueKind != JsonValueKind.Null;

    /// <summary>Refuses members with other names than these, where a wrong name must not pass for a setting that was made.</summary>
    public void AllowOnly(IReadOnlyCollection<string> names)
    {
        foreach (var name in _members.Keys.Where(name => !names.Contains(name, StringComparer.Ordinal)))
        {
            Invalid(Printable(name), $"there is no such member; there are: {string.Join(", ", names)}");
        }
    }

    public string? Missing(string name) => Remember($"field '{_prefix}{name}' is missing");

    public string? Invalid(string name, string reason) => Remember($"field '{_prefix}{name}' is invalid: {reason}");

    /// <summary>Takes the members of a whole body, or of an item that stands for one. Returns what is wrong with it, or null.</summary>
    /// <param name="batches">The lists whose entries are not looked at here.</param>
    protected Fault? TakeWhole(JsonElement body, string[] batches)
    {
        // Even if it is refused: an item is told with its number and the caller's own ids.
        var isUnique = TryTakeMembers(body);
        foreach (var member in body.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Array && TryGetName(member, out var name) && batches.Contains(name, StringComparer.Ordinal))
            {
                continue;
            }
            if (IsDeeper(member.Value, RequestBody.MostDepth - 1))
            {
                return RequestBody.NoJson;
            }
            isUnique &= HasUniqueMembers(member.Value);
        }
        return isUnique ? null : RequestBody.BadMembers;
    }

    /// <summary>Takes the members of an object. Returns false when a name is no text.</summary>
    private bool TryTakeMembers(JsonElement element)
    {
        foreach (var member in element.EnumerateObject())
        {
            if (!TryGetName(member, out var name))
            {
                return false;
            }
            if (!_members.TryAdd(name, member.Value))
            {
                _twice.Add(name);
            }
        }
        return true;
    }

    /// <summary>True when no object in or under the element has a name twice, or one that is no text.</summary>
    private static bool HasUniqueMembers(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (var member in element.EnumerateObject())
                {
                    if (!TryGetName(member, out var name) || !names.Add(name) || !HasUniqueMembers(member.Value))
                    {
                        return false;
                    }
                }
                return true;
            case JsonValueKind.Array:
                return element.EnumerateArray().All(HasUniqueMembers);
            default:
                return true;
        }
    }

    /// <summary>True when the element has more levels of objects and lists.</summary>
    private static bool IsDeeper(JsonElement element, int levels) => element.ValueKind switch
    {
        JsonValueKind.Object => levels == 0 || element.EnumerateObject().Any(member => IsDeeper(member.Value, levels - 1)),
        JsonValueKind.Array => levels == 0 || element.EnumerateArray().Any(entry => IsDeeper(entry, levels - 1)),
        _ => false,
    };

    private static RequestMembers? Item(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        var members = new RequestMembers("", []);
        members._unreadable = members.TakeWhole(element, []);
        return members;
    }

    private static RequestMembers? Inside(JsonElement element, string prefix, List<string> problems)
    {
        var members = new RequestMembers(prefix, problems);
        return element.ValueKind == JsonValueKind.Object && members.TryTakeMembers(element) ? members : null;
    }

    private IEnumerable<(JsonElement Element, string Place)> List(string name, bool isRequired, int most)
    {
        if (!TryMember(name, isRequired, IsAbsent, out var element))
        {
            return [];
        }
        if (element.ValueKind != JsonValueKind.Array)
        {
            Invalid(name, "must be a list");
            return [];
        }
        var length = element.GetArrayLength();
        if (length > most || (isRequired && length == 0))
        {
            Invalid(name, string.Create(CultureInfo.InvariantCulture, $"must have {(isRequired ? 1 : 0)} to {most} entries"));
            return [];
        }
        return element.EnumerateArray().Select((item, index) => (item, string.Create(CultureInfo.InvariantCulture, $"{name}[{index}]")));
    }

    private bool TryMember(string name, bool isRequired, Func<JsonElement, bool> isAbsent, out JsonElement element)
    {
        if (_members.TryGetValue(name, out element) && _twice.Contains(name))
        {
            Twice(name);
            return false;
        }
        if (element.ValueKind != JsonValueKind.Undefined && !isAbsent(element))
        {
            return true;
        }
        if (isRequired)
        {
            Missing(name);
        }
        return false;
    }

    private void Twice(string name)
    {
        _twice.Remove(name);
        Invalid(Printable(name), "given twice");
    }

    private static bool IsAbsent(JsonElement element) =>
        element.ValueKind == JsonValueKind.Null || (element.ValueKind == JsonValueKind.String && element.ValueEquals(""u8));

    private static bool TryGetName(JsonProperty member, out string name) => TryDecode(() => member.Name, out name);

    private static bool TryGetText(JsonElement element, out string text)
    {
        text = "";
        return element.ValueKind == JsonValueKind.String && TryDecode(() => element.GetString()!, out text);
    }

    // An escaped half of a surrogate pair ("\ud800") is well-formed JSON but no text.
    private static bool TryDecode(Func<string> decode, out string text)
    {
        try
        {
            text = decode();
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    private static string Printable(string name)
    {
        var printable = new StringBuilder();
        foreach (var character in name.Take(64))
        {
            printable.Append(char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.' ? character : '?');
        }
        return printable.ToString();
    }

    private string? Remember(string problem)
    {
        _problems.Add(problem);
        return null;
    }
}
