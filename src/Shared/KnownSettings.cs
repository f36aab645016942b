using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace Countersign.Hosting;

/// <summary>
/// The settings there are below one name, read off the options classes. A setting that nobody reads is a typing error that would
/// otherwise be noticed
/// when it is missed; so it ends the start. The server and the simulated operator, which know no project in common, compile this one file.
/// </summary>
/// <remarks>
/// Every class is named to it once, and keeps its properties so where code is compiled ahead of time. One that was forgotten is
/// missed everywhere.
/// </remarks>
internal sealed class KnownSettings(string root)
{
    /// <summary>What stands for a name of one's own in a setting's path.</summary>
    public const string AnyName = "<name>";

    private readonly List<Member> _sections = [];
    private readonly Dictionary<Type, Member[]> _members = [];

    /// <summary>Every setting by its path; lists without their index, dictionaries with <see cref="AnyName"/>.</summary>
    public IEnumerable<string> All => _sections.SelectMany(section => Under(section.Type, $"{root}:{section.Name}"));

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

    /// <summary>What is wrong with the names and the shapes of what is set.</summary>
    /// <param name="except">A section below the root that is judged elsewhere.</param>
    public IEnumerable<SettingProblem> Problems(IConfiguration configuration, string? except = null) =>
        from problem in Problems(configuration.GetSection(root), _sections, except)
        select problem.Meant is { } meant ? SettingProblem.Misnamed(problem.Sentence, problem.Path, meant, configuration) : problem;

    /// <summary>
    /// What can be bound: without what has the wrong shape, and with lists that were written as one value, with commas, as lists, which
    /// the binder would
    /// pass over without a word.
    /// </summary>
    public IConfiguration Readable(IConfiguration configuration, IReadOnlyCollection<SettingProblem> problems)
    {
        var section = configuration.GetSection(root);
        var settings = section.AsEnumerable()
            .Where(setting => setting.Value is not null && !problems.Any(problem => problem.Spoils(setting.Key)))
            .Concat(_sections.SelectMany(one => SplitLists(section.GetSection(one.Name), one.Type)));
        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }

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
        if (type == typeof(string[]))
        {
            var entries = section.GetChildren().Any()
                ? []
                : section.Value?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
            return entries.Index().Select(entry => KeyValuePair.Create($"{section.Path}:{entry.Index}", (string?)entry.Item));
        }
        return ElementOf(type) is { } element ? section.GetChildren().SelectMany(child => SplitLists(child, element))
            : IsValue(type) ? []
            : _members[type].SelectMany(member => SplitLists(section.GetSection(member.Name), member.Type));
    }

    private IEnumerable<SettingProblem> Problems(IConfigurationSection section, IReadOnlyList<Member> known, string? except = null)
    {
        foreach (var child in section.GetChildren().Where(child => !child.Key.Equals(except, StringComparison.OrdinalIgnoreCase)))
        {
            var member = known.FirstOrDefault(member => member.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            foreach (var problem in member is null ? [Unknown(child, known)] : ProblemsOf(child, member.Type))
            {
                yield return problem;
            }
        }
    }

    private IEnumerable<SettingProblem> ProblemsOf(IConfigurationSection section, Type type)
    {
        if (DictionaryElementOf(type) is { } value)
        {
            return section.Value is { Length: > 0 }
                ? [new($"{section.Path} needs a name before its value: {section.Path}:name.", section.Path)]
                : section.GetChildren().SelectMany(child => ProblemsOf(child, value));
        }
        if (ElementOf(type) is { } element)
        {
            return ProblemsOfList(section, element);
        }
        if (!IsValue(type))
        {
            var settings = string.Join(", ", _members[type].Select(member => $"{section.Path}:{member.Name}"));
            return section.Value is { Length: > 0 }
                ? [new($"{section.Path} holds settings and is none itself: {settings}.", section.Path)]
                : Problems(section, _members[type]);
        }
        return section.GetChildren().Any() ? [new($"{section.Path} is one value, so there is nothing below it.", section.Path)]
            : section.Value is { Length: > 0 } text && ProblemOfValue(text, Nullable.GetUnderlyingType(type) ?? type) is { } problem
            ? [new($"{section.Path} {problem}.", section.Path)]
            : [];
    }

    private IEnumerable<SettingProblem> ProblemsOfList(IConfigurationSection section, Type element)
    {
        if (section.Value is not { Length: > 0 })
        {
            return section.GetChildren().SelectMany(child => int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                ? ProblemsOf(child, element)
                : [new($"{section.Path} is a list, so {child.Path} is no setting. Number its entries: {section.Path}:0.", section.Path)]);
        }
        return section.GetChildren().Any()
            ? [new(
                $"{section.Path} is set as one text and, elsewhere, entry by entry ({section.Path}:0): "
                    + "leave one of them out, or nobody knows which counts.",
                section.Path)]
            : element != typeof(string) ? [new($"{section.Path} is a list: {section.Path}:0.", section.Path)]
            : [];
    }

    private static string? ProblemOfValue(string text, Type type) =>
        type.IsEnum ? Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase) ? null : $"must be one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(bool) ? bool.TryParse(text, out _) ? null : "must be true or false"
        : type == typeof(int) ? int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? null : "must be a whole number"
        : type == typeof(decimal) ? decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? null : "must be a number (0.00001)"
        : type == typeof(TimeSpan) ? TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _) ? null : "must be a time as hours, minutes and seconds (00:01:30)"
        : null;

    private SettingProblem Unknown(IConfigurationSection setting, IReadOnlyList<Member> siblings)
    {
        var parent = setting.Path[..setting.Path.LastIndexOf(':')];
        var near = siblings.Select(member => member.Name).MinBy(name => Distance(setting.Key, name));
        // Cut off, or a few letters wrong.
        near = near is not null && Distance(setting.Key, near) <= Math.Max(2, setting.Key.Length / 3) ? near
            : setting.Key.Length < 4 ? null
            : siblings.Select(member => member.Name).FirstOrDefault(name => name.StartsWith(setting.Key, StringComparison.OrdinalIgnoreCase));
        var meant = near is not null ? $"{parent}:{near}" : All
            .Where(path => path.EndsWith(":" + setting.Key, StringComparison.OrdinalIgnoreCase))
            .MinBy(path => path.Contains(AnyName, StringComparison.Ordinal));
        return meant is null
            ? new($"{setting.Path} is no setting. {parent} has {string.Join(", ", siblings.Select(member => member.Name))}.", setting.Path)
            : new($"{setting.Path} is no setting. Did you mean {meant}?", setting.Path, meant);
    }

    private static bool IsValue(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan) || type == typeof(Uri) || type == typeof(decimal);
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
    public static SettingProblem Misnamed(string sentence, string path, string meant, IConfiguration configuration) =>
        new(sentence, path, configuration.GetSection(meant).Exists() ? null : meant);

    /// <summary>A setting that cannot be read: this one, or one below it.</summary>
    public bool Spoils(string path) => Begins(path, with: Path);

    /// <summary>
    /// A sentence, or a path, that begins with this setting or with the one it was meant for: of that, enough has been said.
    /// </summary>
    public bool IsAbout(string text) => Begins(text, with: Path) || (Meant is not null && Begins(text, with: Meant));

    private static bool Begins(string text, string with) =>
        text.StartsWith(with, StringComparison.OrdinalIgnoreCase) && (text.Length == with.Length || text[with.Length] is ':' or ' ');

    public override string ToString() => nameof(SettingProblem);
}
