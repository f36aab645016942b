using System.Globalization;
using System.Text;
using System.Text.Json;
using Countersign.Core.Names;
using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.Http;

/// <summary>
/// The members of one JSON object, asked for one by one in the order of the contract. Every bad one is remembered under its whole name
/// (<c>individual.firstName</c>), so that one answer names them all.
/// </summary>
internal class RequestMembers
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _duplicates = new(StringComparer.Ordinal);
    private readonly string _prefix;
    private readonly List<string> _problems;
    private readonly bool _areTexts;
    private Fault? _unreadable;
    private bool _isClosed;

    /// <param name="prefix">What stands before a member's name in a problem.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="areTexts">True for parameters of a query, whose numbers and truth values are texts.</param>
    protected RequestMembers(string prefix, List<string> problems, bool areTexts = false) =>
        (_prefix, _problems, _areTexts) = (prefix, problems, areTexts);

    /// <summary>How many problems have been found so far, in the whole body.</summary>
    public int Problems => _problems.Count;

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
            foreach (var name in _duplicates.ToArray())
            {
                DuplicateName(name);
            }
            return _problems.Count == 0 ? null : Http.Fault.Malformed(string.Join("; ", _problems));
        }
    }

    /// <summary>The value of a member, or what its absence means; what is wrong with it is remembered.</summary>
    /// <param name="isRequired">Where that depends on other members; else the member says it itself.</param>
    /// <param name="also">A rule of this call's own: says what is wrong with a value that is there and well formed, or null.</param>
    /// <returns>Of a member that is missing or bad nothing that may be used: the call is refused.</returns>
    public T Read<T>(Member<T> member, bool? isRequired = null, Func<T, string?>? also = null)
    {
        if (!TryMember(member.Name, isRequired ?? member.IsRequired, member.Shape.IsNone, out var element))
        {
            return member.Absent;
        }
        var (value, problem) = _areTexts && JsonText.TryRead(element, out var text) ? member.Shape.Parse(text) : member.Shape.Read(element);
        problem ??= also?.Invoke(value!);
        if (problem is null)
        {
            return value!;
        }
        Invalid(member.Name, problem);
        return member.Absent;
    }

    /// <summary>The value of a part of the path.</summary>
    public T ReadPath<T>(Member<T> member, HttpContext context)
    {
        var (value, problem) = member.Shape.Parse((string)context.GetRouteValue(member.Name)!);
        if (problem is not null)
        {
            Invalid(member.Name, problem);
        }
        return value!;
    }

    /// <summary>
    /// The members of an object, or null when it is absent or no object. What is wrong inside it is remembered with the rest.
    /// </summary>
    public RequestMembers? Read(ObjectMember member)
    {
        if (!TryMember(member.Name, member.IsRequired, JsonText.IsNone, out var element))
        {
            return null;
        }
        if (Inside(element, $"{_prefix}{member.Name}.", _problems, member.ClosedTo) is { } members)
        {
            return members;
        }
        Invalid(member.Name, "must be an object");
        return null;
    }

    /// <summary>An object as it was written, for those who read it by rules of their own; null when it is bad or missing.</summary>
    public string? ReadJson(ObjectMember member)
    {
        if (!TryMember(member.Name, isRequired: true, JsonText.IsNone, out var element))
        {
            return null;
        }
        return element.ValueKind == JsonValueKind.Object ? element.GetRawText() : Invalid(member.Name, "must be an object");
    }

    /// <summary>A list of values; empty when it is absent. A required one has at least one entry.</summary>
    public IReadOnlyList<T> Read<T>(ListMember<T> member, bool? isRequired = null)
    {
        var values = new List<T>();
        foreach (var (element, place) in List(member.Name, isRequired ?? member.IsRequired, member.Max))
        {
            var (value, problem) = member.Item.Read(element);
            if (problem is null)
            {
                values.Add(value!);
            }
            else
            {
                Invalid(place, problem);
            }
        }
        return values;
    }

    /// <summary>A list of objects that are read later; empty when it is absent. One that is no object is remembered and left out.</summary>
    public IReadOnlyList<RequestMembers> Read(ObjectListMember member) => Read(member, members => members);

    /// <summary>A list of objects, each read in its turn, so that problems stand in their order; empty when it is absent.</summary>
    public IReadOnlyList<T> Read<T>(ObjectListMember member, Func<RequestMembers, T> read)
    {
        var objects = new List<T>();
        foreach (var (element, place) in List(member.Name, member.IsRequired, member.Max))
        {
            if (Inside(element, $"{_prefix}{place}.", _problems, member.ClosedTo) is { } members)
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

    /// <summary>A required list of items that are read each on its own: a fault stays in its item.</summary>
    /// <returns>For each item its members, under their own names, with the fault that a body of its own would have; null for one that is no
    /// object.</returns>
    public IReadOnlyList<RequestMembers?> ReadItems(ObjectListMember member) =>
        [.. List(member.Name, isRequired: true, member.Max).Select(item => Item(item.Element))];

    /// <summary>The members that are given, each with its text, or with its JSON where it is something else.</summary>
    public IEnumerable<(string Name, string Text)> AllGiven() =>
        _members.Where(member => IsGiven(member.Key)).Select(member => (member.Key, TextIfAny(member.Key) ?? member.Value.GetRawText()));

    /// <summary>A text if there is one; what is not text is as good as absent.</summary>
    public string? TextIfAny(string name) =>
        _members.TryGetValue(name, out var element) && JsonText.TryRead(element, out var text) ? text : null;

    /// <summary>True when the member is there with a value, good or bad; null is none, and "" where the object is open.</summary>
    public bool IsGiven(string name) => _members.TryGetValue(name, out var element) && !IsAbsent(element, JsonText.IsNone);

    /// <summary>
    /// True when the member is true: for rules about a member that stands before it. Whether it is good is found where it is read.
    /// </summary>
    public bool IsTrue(string name) => _members.TryGetValue(name, out var element) && element.ValueKind == JsonValueKind.True;

    /// <summary>True when the member is there with whatever value, null included.</summary>
    public bool IsNamed(string name) => _members.ContainsKey(name);

    /// <summary>True when the member is there with any value but null; "" is one here.</summary>
    public bool IsPresent(string name) => _members.TryGetValue(name, out var element) && element.ValueKind != JsonValueKind.Null;

    /// <summary>
    /// Holds the object to a closed schema: what would be ignored elsewhere must not pass for something that was done. A member with
    /// another name is refused, and "" is a value, which most members refuse.
    /// </summary>
    /// <param name="names">The members that there are.</param>
    public void Close(IReadOnlyCollection<string> names)
    {
        _isClosed = true;
        foreach (var name in _members.Keys.Where(name => !names.Contains(name, StringComparer.Ordinal)))
        {
            Invalid(
                Printable(name),
                "this call has no such member; " + (EditDistance.Nearest(name, names) is { } near
                    ? $"did you mean '{_prefix}{near}'?"
                    : $"it has: {string.Join(", ", names)}"));
        }
    }

    public string? Missing(string name) => Remember($"field '{_prefix}{name}' is missing");

    /// <param name="toChoose">What there is to choose from.</param>
    public string? Missing(string name, string toChoose) => Remember($"field '{_prefix}{name}' is missing: {toChoose}");

    public string? Invalid(string name, string reason) => Remember($"field '{_prefix}{name}' is invalid: {reason}");

    /// <summary>Takes the members of a whole body, or of an item that stands for one. Returns what is wrong with it, or null.</summary>
    /// <param name="batches">The lists whose entries are not looked at here.</param>
    protected Fault? TakeWhole(JsonElement body, string[] batches)
    {
        // Even if it is refused: an item is told with its number and the caller's own ids.
        var isUnique = TryTakeMembers(body);
        foreach (var member in body.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Array && JsonText.TryReadName(member, out var name)
                && batches.Contains(name, StringComparer.Ordinal))
            {
                continue;
            }
            if (IsDeeper(member.Value, RequestBody.MaxDepth - 1))
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
            if (!JsonText.TryReadName(member, out var name))
            {
                return false;
            }
            if (!_members.TryAdd(name, member.Value))
            {
                _duplicates.Add(name);
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
                    if (!JsonText.TryReadName(member, out var name) || !names.Add(name) || !HasUniqueMembers(member.Value))
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

    /// <param name="names">The members of a closed object; null for an open one.</param>
    private static RequestMembers? Inside(JsonElement element, string prefix, List<string> problems, IReadOnlyCollection<string>? names)
    {
        var members = new RequestMembers(prefix, problems);
        if (element.ValueKind != JsonValueKind.Object || !members.TryTakeMembers(element))
        {
            return null;
        }
        if (names is not null)
        {
            members.Close(names);
        }
        return members;
    }

    private IEnumerable<(JsonElement Element, string Place)> List(string name, bool isRequired, int max)
    {
        if (!TryMember(name, isRequired, JsonText.IsNone, out var element))
        {
            return [];
        }
        if (element.ValueKind != JsonValueKind.Array)
        {
            Invalid(name, "must be a list");
            return [];
        }
        var length = element.GetArrayLength();
        if (length > max || (isRequired && length == 0))
        {
            Invalid(name, string.Create(CultureInfo.InvariantCulture, $"must have {(isRequired ? 1 : 0)} to {max} entries"));
            return [];
        }
        return element.EnumerateArray().Select((item, index) => (item, string.Create(CultureInfo.InvariantCulture, $"{name}[{index}]")));
    }

    private bool TryMember(string name, bool isRequired, Func<JsonElement, bool> isAbsent, out JsonElement element)
    {
        if (_members.TryGetValue(name, out element) && _duplicates.Contains(name))
        {
            DuplicateName(name);
            return false;
        }
        if (element.ValueKind != JsonValueKind.Undefined && !IsAbsent(element, isAbsent))
        {
            return true;
        }
        if (isRequired)
        {
            Missing(name);
        }
        return false;
    }

    private bool IsAbsent(JsonElement element, Func<JsonElement, bool> whereOpen) =>
        _isClosed ? element.ValueKind == JsonValueKind.Null : whereOpen(element);

    private void DuplicateName(string name)
    {
        _duplicates.Remove(name);
        Invalid(Printable(name), "given twice");
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
