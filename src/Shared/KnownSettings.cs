using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace Countersign.Hosting;

/// <summary>
/// The settings there are below one name, read off the options classes. A setting that nobody reads is a typing error that would
/// otherwise be noticed when it is missed; so it ends the start. The server and the simulated operator, which know no project in common,
/// compile this one file.
/// </summary>
/// <remarks>
/// Every class is named to it once, and keeps its properties so where code is compiled ahead of time. One that was forgotten is
/// missed everywhere.
/// </remarks>
internal sealed class KnownSettings(string root)
{
    /// <summary>What stands for a name of one's own in a setting's path.</summary>
    public const string AnyName = "<name>";

    private static readonly Dictionary<Type, (Predicate<string> CanRead, string Rule)> _values = new()
    {
        [typeof(string)] = (_ => true, ""),
        [typeof(bool)] = (text => bool.TryParse(text, out _), "must be true or false"),
        [typeof(int)] = (
            text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _), "must be a whole number"),
        [typeof(decimal)] = (
            text => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _), "must be a number (0.00001)"),
        [typeof(TimeSpan)] = (
            text => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _),
            "must be a time as hours, minutes and seconds (00:01:30)"),
    };

    private readonly List<Member> _sections = [];
    private readonly List<string> _elsewhere = [];
    private readonly Dictionary<Type, Member[]> _members = [];

    /// <summary>Every setting by its path; lists without their index, dictionaries with <see cref="AnyName"/>.</summary>
    public IEnumerable<string> All => _sections.SelectMany(section => Under(section.Type, $"{root}:{section.Name}"));

    /// <summary>True for a setting that holds a number, a time, a truth value or one of some words: nothing that is a secret.</summary>
    public bool HoldsNoText(string path)
    {
        var parts = path.Split(':')[1..];
        var type = _sections.FirstOrDefault(section => section.Name.Equals(parts[0], StringComparison.OrdinalIgnoreCase))?.Type;
        foreach (var part in parts[1..])
        {
            type = type is null || IsValue(type) ? null
                : DictionaryElementOf(type) ?? ElementOf(type) ?? _members[type].FirstOrDefault(
                    member => member.Name.Equals(part, StringComparison.OrdinalIgnoreCase))?.Type;
        }
        type = type is null ? null : ElementOf(type) ?? type;
        return type is not null && IsValue(type) && type != typeof(string);
    }

    /// <summary>Adds a class whose properties stand below the root itself.</summary>
    public KnownSettings With<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>()
    {
        _sections.AddRange(Keep<T>());
        return this;
    }

    /// <summary>Adds a class whose properties stand in a section below the root.</summary>
    public KnownSettings With<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(string section)
    {
        Keep<T>();
        _sections.Add(new Member(section, typeof(T)));
        return this;
    }

    /// <summary>Adds a class that others have as the type of a property, or of the entries of one.</summary>
    public KnownSettings Within<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>()
    {
        Keep<T>();
        return this;
    }

    /// <summary>Adds a section whose settings are judged elsewhere.</summary>
    public KnownSettings Beside(string section)
    {
        _elsewhere.Add(section);
        return this;
    }

    /// <summary>What is wrong with the names and the shapes of what is set.</summary>
    public IEnumerable<SettingProblem> Problems(IConfiguration configuration) =>
        from problem in Problems(configuration.GetSection(root), _sections, _elsewhere)
        select problem.Meant is { } meant ? SettingProblem.Misnamed(problem.Sentence, problem.Path, meant, configuration) : problem;

    /// <summary>Lists that were written as one value, with commas, as lists: the binder would pass them over without a word.</summary>
    public IEnumerable<KeyValuePair<string, string?>> SplitLists(IConfiguration configuration) =>
        _sections.SelectMany(one => SplitLists(configuration.GetSection($"{root}:{one.Name}"), one.Type));

    /// <summary>
    /// Entries that have another number in the configuration than in the list as it is bound, since a number is left out or is empty.
    /// The last of a list come first.
    /// </summary>
    public IEnumerable<(string Bound, string Written)> Renumbered(IConfiguration configuration) =>
        _sections.SelectMany(one => Renumbered(configuration.GetSection($"{root}:{one.Name}"), one.Type));

    private Member[] Keep<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>() => _members[typeof(T)] =
        // A property that only tells something has no setter; one that holds settings needs none.
        [.. typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is not null || !IsValue(property.PropertyType))
            .Select(property => new Member(property.Name, property.PropertyType))];

    private IEnumerable<string> Under(Type type, string path) =>
        DictionaryElementOf(type) is { } value ? Under(value, $"{path}:{AnyName}")
        : ElementOf(type) is { } element && !IsValue(element) ? Under(element, $"{path}:0")
        : IsValue(type) || ElementOf(type) is not null ? [path]
        : _members[type].SelectMany(member => Under(member.Type, $"{path}:{member.Name}"));

    private IEnumerable<KeyValuePair<string, string?>> SplitLists(IConfigurationSection section, Type type)
    {
        if (type.IsArray && IsWord(type.GetElementType()!))
        {
            var entries = section.GetChildren().Any() ? [] : Split(section.Value ?? "");
            return entries.Index().Select(pair => KeyValuePair.Create($"{section.Path}:{pair.Index}", (string?)pair.Item));
        }
        return ElementOf(type) is { } element ? section.GetChildren().SelectMany(child => SplitLists(child, element))
            : IsValue(type) ? []
            : _members[type].SelectMany(member => SplitLists(section.GetSection(member.Name), member.Type));
    }

    private IEnumerable<(string Bound, string Written)> Renumbered(IConfigurationSection section, Type type)
    {
        if (IsValue(type))
        {
            return [];
        }
        if (DictionaryElementOf(type) is { } value)
        {
            return section.GetChildren().SelectMany(child => Renumbered(child, value));
        }
        if (ElementOf(type) is not { } element)
        {
            return _members[type].SelectMany(member => Renumbered(section.GetSection(member.Name), member.Type));
        }
        var entries = section.GetChildren().Where(child => !IsValue(element) || child.Value is not null).ToList();
        var own =
            from entry in entries.Index().Reverse()
            let bound = string.Create(CultureInfo.InvariantCulture, $"{section.Path}:{entry.Index}")
            where bound != entry.Item.Path
            select (bound, entry.Item.Path);
        return own.Concat(entries.SelectMany(entry => Renumbered(entry, element)));
    }

    private IEnumerable<SettingProblem> Problems(
        IConfigurationSection section, IReadOnlyList<Member> known, IReadOnlyList<string> elsewhere)
    {
        foreach (var child in section.GetChildren().Where(child => !elsewhere.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            var member = known.FirstOrDefault(member => member.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            foreach (var problem in member is null
                ? [Unknown(child, [.. known.Select(member => member.Name), .. elsewhere])]
                : ProblemsOf(child, member.Type))
            {
                yield return problem;
            }
        }
    }

    private IEnumerable<SettingProblem> ProblemsOf(IConfigurationSection section, Type type)
    {
        if (DictionaryElementOf(type) is { } value)
        {
            var below = section.GetChildren().SelectMany(child => ProblemsOf(child, value));
            return section.Value is { Length: > 0 }
                ? below.Prepend(OfItself(section, $"{section.Path} needs a name before its value: {section.Path}:name."))
                : below;
        }
        if (ElementOf(type) is { } element)
        {
            return ProblemsOfList(section, element);
        }
        if (!IsValue(type))
        {
            var settings = string.Join(", ", _members[type].Select(member => $"{section.Path}:{member.Name}"));
            var below = Problems(section, _members[type], elsewhere: []);
            return section.Value is { Length: > 0 }
                ? below.Prepend(OfItself(section, $"{section.Path} holds settings and is none itself: {settings}."))
                : below;
        }
        return section.GetChildren().Any() ? [new($"{section.Path} is one value, so there is nothing below it.", section.Path)]
            : section.Value is { Length: > 0 } text && ProblemOfValue(text, Nullable.GetUnderlyingType(type) ?? type) is { } problem
            ? [new($"{section.Path} {problem}.", section.Path)]
            : [];
    }

    // What stands below it can be judged all the same. Where nothing does, it was meant for what is missing there.
    private static SettingProblem OfItself(IConfigurationSection section, string sentence) =>
        new(sentence, section.Path) { IsOfItself = section.GetChildren().Any() };

    private IEnumerable<SettingProblem> ProblemsOfList(IConfigurationSection section, Type element)
    {
        var entries = section.GetChildren().SelectMany(child =>
            !int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                ? [new(
                    $"{section.Path} is a list, so {child.Path} is no setting. Number its entries: {section.Path}:0.",
                    child.Path) { List = section.Path }]
            : IsValue(element) ? ProblemsOf(child, element).Select(problem => problem with { List = section.Path })
            : ProblemsOf(child, element));
        if (section.Value is not { Length: > 0 })
        {
            return entries;
        }
        if (section.GetChildren().Any())
        {
            var twice = $"{section.Path} is set as one text and, elsewhere, entry by entry ({section.Path}:0): "
                + "leave one of them out, or nobody knows which counts.";
            return IsValue(element) ? [new(twice, section.Path)] : entries.Prepend(OfItself(section, twice));
        }
        return !IsWord(element) ? [new($"{section.Path} is a list: {section.Path}:0.", section.Path)]
            : Split(section.Value).Select(word => ProblemOfValue(word, element)).OfType<string>().Take(1)
                .Select(problem => new SettingProblem($"{section.Path} {problem}.", section.Path));
    }

    /// <summary>A list of it may be written as one text.</summary>
    private static bool IsWord(Type element) => element == typeof(string) || element.IsEnum;

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string? ProblemOfValue(string text, Type type)
    {
        if (type.IsEnum)
        {
            var names = Enum.GetNames(type);
            return names.Contains(text, StringComparer.OrdinalIgnoreCase) ? null : $"must be one of {string.Join(", ", names)}";
        }
        var (canRead, rule) = _values[type];
        return canRead(text) ? null : rule;
    }

    private SettingProblem Unknown(IConfigurationSection setting, IReadOnlyList<string> siblings)
    {
        var parent = setting.Path[..setting.Path.LastIndexOf(':')];
        var near = siblings.MinBy(name => Distance(setting.Key, name));
        // Cut off, or a few letters wrong.
        near = near is not null && Distance(setting.Key, near) <= Math.Max(2, setting.Key.Length / 3) ? near
            : setting.Key.Length < 4 ? null
            : siblings.FirstOrDefault(name => name.StartsWith(setting.Key, StringComparison.OrdinalIgnoreCase));
        var meant = near is not null ? $"{parent}:{near}" : All
            .Where(path => path.EndsWith(":" + setting.Key, StringComparison.OrdinalIgnoreCase))
            .MinBy(path => path.Contains(AnyName, StringComparison.Ordinal));
        return meant is null
            ? new($"{setting.Path} is no setting. {parent} has {string.Join(", ", siblings)}.", setting.Path)
            : new($"{setting.Path} is no setting. Did you mean {meant}?", setting.Path, meant);
    }

    // A property of any other type is taken for a section, and one that nobody has named ends every start.
    private static bool IsValue(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum || _values.ContainsKey(type);
    }

    private static Type? DictionaryElementOf(Type type) =>
        type.IsGenericType && type.IsAssignableTo(typeof(IDictionary)) ? type.GetGenericArguments()[1] : null;

    private static Type? ElementOf(Type type) =>
        DictionaryElementOf(type) is { } value ? value
        : type.IsArray ? type.GetElementType()
        : type != typeof(string) && type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) ? type.GetGenericArguments()[0]
        : null;

    /// <summary>Letters to insert, delete or replace (Levenshtein), whatever their case.</summary>
    public static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var (diagonal, left) = (row[0], row[0] = i);
            for (var j = 1; j <= other.Length; j++)
            {
                var isSame = char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]);
                left = Math.Min(Math.Min(row[j] + 1, left + 1), diagonal + (isSame ? 0 : 1));
                (diagonal, row[j]) = (row[j], left);
            }
        }
        return row[^1];
    }

    private sealed record Member(string Name, Type Type)
    {
        public override string ToString() => nameof(Member);
    }
}

/// <summary>What is wrong with the name or the shape of a setting.</summary>
/// <param name="Sentence">Says what to change.</param>
/// <param name="Meant">The setting that the name was meant for, where that is known.</param>
internal sealed record SettingProblem(string Sentence, string Path, string? Meant = null)
{
    /// <summary>A name that was meant for another; what is set under that one as well is not missed.</summary>
    public static SettingProblem Misnamed(string sentence, string path, string meant, IConfiguration configuration)
    {
        var section = configuration.GetSection(meant);
        return new(sentence, path, !string.IsNullOrEmpty(section.Value) || section.GetChildren().Any() ? null : meant);
    }

    /// <summary>The list that it is an entry of, and that is not as it was meant without it.</summary>
    public string? List { get; init; }

    /// <summary>What stands below it can be read.</summary>
    public bool IsOfItself { get; init; }

    /// <summary>A setting that cannot be read: this one, or one below it.</summary>
    public bool Spoils(string path) => Begins(path, with: Path, orBelow: !IsOfItself);

    /// <summary>An entry that its list is to be read without.</summary>
    public bool Removes(string path) => List is not null && path.Equals(Path, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// A sentence, or a path, that begins with this setting or with the one it was meant for: of that, enough has been said.
    /// </summary>
    public bool IsAbout(string text) =>
        Begins(text, with: Path, orBelow: !IsOfItself)
        || (Meant is not null && Begins(text, with: Meant))
        || (List is not null && Begins(text, with: List, orBelow: false));

    /// <summary>It stands at a path or below, or was meant to.</summary>
    public bool IsWithin(string path) => Begins(Path, with: path) || (Meant is not null && Begins(Meant, with: path));

    private static bool Begins(string text, string with, bool orBelow = true) =>
        text.StartsWith(with, StringComparison.OrdinalIgnoreCase)
        && (text.Length == with.Length || text[with.Length] == ' ' || (orBelow && text[with.Length] == ':'));

    public override string ToString() => nameof(SettingProblem);
}
