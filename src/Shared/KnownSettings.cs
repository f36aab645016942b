using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Countersign.Hosting;

/// <summary>
/// The settings there are, read off the options classes. A setting that nobody reads is a typing error that would otherwise be noticed when
/// it is missed; so it ends the start. The server and the simulated operator, which know no project in common, compile this one file.
/// </summary>
/// <remarks>Compiled ahead of time the classes may have lost the names of their properties: there nothing is checked.</remarks>
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Why)]
[UnconditionalSuppressMessage("Trimming", "IL2072", Justification = Why)]
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Why)]
[UnconditionalSuppressMessage("Trimming", "IL2062", Justification = Why)]
[UnconditionalSuppressMessage("Trimming", "IL2067", Justification = Why)]
internal static class KnownSettings
{
    private const string Why = "Is not asked where code is compiled ahead of time (CanTell).";

    /// <summary>The names of properties can be read here.</summary>
    public static bool CanTell => RuntimeFeature.IsDynamicCodeSupported;

    /// <summary>What stands for a name of one's own in a setting's path.</summary>
    public const string AnyName = "<name>";

    /// <summary>Every setting by its path; lists without their index, dictionaries with <see cref="AnyName"/>.</summary>
    public static IEnumerable<(string Path, Type Type)> Of(Type options, string path)
    {
        foreach (var property in PropertiesOf(options))
        {
            foreach (var setting in Under(property.PropertyType, $"{path}:{property.Name}"))
            {
                yield return setting;
            }
        }
    }

    /// <summary>What is wrong with the names and the shapes of what is set, each in a sentence.</summary>
    /// <param name="except">A section below that is judged elsewhere.</param>
    public static IEnumerable<string> Problems(IConfigurationSection section, Type options, string? except = null) =>
        Problems(section, options, new Root(options, section.Path), except);

    /// <summary>Lists written as one value, with commas, as lists: the binder would pass them over without a word.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> SplitLists(IConfigurationSection section, Type type)
    {
        if (type == typeof(string[]))
        {
            var entries = section.GetChildren().Any() ? [] : section.Value?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
            return entries.Index().Select(entry => KeyValuePair.Create($"{section.Path}:{entry.Index}", (string?)entry.Item));
        }
        return ElementOf(type) is { } element ? section.GetChildren().SelectMany(child => SplitLists(child, element))
            : IsValue(type) ? []
            : PropertiesOf(type).SelectMany(property => SplitLists(section.GetSection(property.Name), property.PropertyType));
    }

    private static IEnumerable<string> Problems(IConfigurationSection section, Type options, Root root, string? except)
    {
        var properties = PropertiesOf(options);
        foreach (var child in section.GetChildren().Where(child => !child.Key.Equals(except, StringComparison.OrdinalIgnoreCase)))
        {
            var property = Array.Find(properties, property => property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            foreach (var problem in property is null ? [Unknown(child, properties, root)] : ProblemsOf(child, property.PropertyType, root))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<(string Path, Type Type)> Under(Type type, string path) =>
        DictionaryElementOf(type) is { } value ? Under(value, $"{path}:{AnyName}")
        : ElementOf(type) is { } element && !IsValue(element) ? Under(element, $"{path}:0")
        : IsValue(type) || ElementOf(type) is not null ? [(path, type)]
        : Of(type, path);

    private static IEnumerable<string> ProblemsOf(IConfigurationSection section, Type type, Root root)
    {
        if (DictionaryElementOf(type) is { } value)
        {
            return section.Value is { Length: > 0 }
                ? [$"{section.Path} needs a name before its value: {section.Path}:name."]
                : section.GetChildren().SelectMany(child => ProblemsOf(child, value, root));
        }
        if (ElementOf(type) is { } element)
        {
            return section.Value is { Length: > 0 } && section.GetChildren().Any()
                ? [$"{section.Path} is set as one text and, elsewhere, entry by entry ({section.Path}:0): leave one of them out, or nobody knows which counts."]
                : section.Value is { Length: > 0 } && element != typeof(string)
                ? [$"{section.Path} is a list: {section.Path}:0."]
                : section.GetChildren().SelectMany(child => int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                    ? ProblemsOf(child, element, root)
                    : [$"{section.Path} is a list, so {child.Path} is no setting. Number its entries: {section.Path}:0."]);
        }
        if (!IsValue(type))
        {
            return section.Value is { Length: > 0 }
                ? [$"{section.Path} holds settings and is none itself: {string.Join(", ", PropertiesOf(type).Select(property => $"{section.Path}:{property.Name}"))}."]
                : Problems(section, type, root, except: null);
        }
        return section.GetChildren().Any() ? [$"{section.Path} is one value, so there is nothing below it."]
            : section.Value is { Length: > 0 } text && ProblemOfValue(text, Nullable.GetUnderlyingType(type) ?? type) is { } problem ? [$"{section.Path} {problem}."]
            : [];
    }

    private static string? ProblemOfValue(string text, Type type) =>
        type.IsEnum ? Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase) ? null : $"must be one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(bool) ? bool.TryParse(text, out _) ? null : "must be true or false"
        : type == typeof(int) ? int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? null : "must be a whole number"
        : type == typeof(decimal) ? decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? null : "must be a number (0.00001)"
        : type == typeof(TimeSpan) ? TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _) ? null : "must be a time as hours, minutes and seconds (00:01:30)"
        : null;

    private static string Unknown(IConfigurationSection setting, PropertyInfo[] siblings, Root root)
    {
        var parent = setting.Path[..setting.Path.LastIndexOf(':')];
        var near = siblings.Select(property => property.Name).MinBy(name => Distance(setting.Key, name));
        // Cut off, or a few letters wrong.
        near = near is not null && Distance(setting.Key, near) <= Math.Max(2, setting.Key.Length / 3) ? near
            : setting.Key.Length < 4 ? null
            : siblings.Select(property => property.Name).FirstOrDefault(name => name.StartsWith(setting.Key, StringComparison.OrdinalIgnoreCase));
        if (near is not null)
        {
            return $"{setting.Path} is no setting. Did you mean {parent}:{near}?";
        }
        var elsewhere = Of(root.Options, root.Path).Select(known => known.Path)
            .Where(path => path.EndsWith(":" + setting.Key, StringComparison.OrdinalIgnoreCase))
            .MinBy(path => path.Contains(AnyName, StringComparison.Ordinal));
        return elsewhere is null
            ? $"{setting.Path} is no setting. {parent} has {string.Join(", ", siblings.Select(property => property.Name))}."
            : $"{setting.Path} is no setting. Did you mean {elsewhere}?";
    }

    // A property that only tells something has no setter; one that holds settings needs none.
    private static PropertyInfo[] PropertiesOf(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is not null || !IsValue(property.PropertyType))];

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

    /// <summary>Where a setting of another place may stand.</summary>
    private readonly record struct Root(Type Options, string Path)
    {
        public override string ToString() => nameof(Root);
    }
}
