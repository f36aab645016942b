using System.Collections.Frozen;
using Countersign.Core.Devices;
using Countersign.Core.Possession;

namespace Countersign.Core.Projects;

/// <summary>
/// The settings whose default has become stricter since there are projects. New projects have the default. A project that was there before
/// keeps what it had, as a stored value, until a value is chosen for it. To make a default stricter, add a row to <see cref="InLive"/>; a
/// row that was released is never taken out.
/// </summary>
public sealed class StricterDefaults(IReadOnlyList<StricterSetting> settings)
{
    /// <summary>The sandbox's: nothing is stricter there.</summary>
    public static StricterDefaults None { get; } = new([]);

    public IReadOnlyList<StricterSetting> Settings => settings;

    public static StricterDefaults InLive(PossessionOptions possession) => new(
    [
        new StricterSetting(
            nameof(ProjectSettings.GuessProbability),
            // Four digits, with as many entries as this server gives, were permitted.
            new ProjectSettings { GuessProbability = GuessBudget.MinFor(digits: 4, possession.EntriesWithRetry) },
            (to, from) => to with { GuessProbability = from.GuessProbability }),
        new StricterSetting(
            nameof(ProjectSettings.OneCall),
            new ProjectSettings { OneCall = Enum.GetValues<VerificationType>() },
            (to, from) => to with { OneCall = from.OneCall }),
        new StricterSetting(
            nameof(ProjectSettings.DisclosesSsn),
            new ProjectSettings { DisclosesSsn = true },
            (to, from) => to with { DisclosesSsn = from.DisclosesSsn }),
        new StricterSetting(
            nameof(ProjectSettings.NumberChange),
            new ProjectSettings { NumberChange = NumberChangeRule.On },
            (to, from) => to with { NumberChange = from.NumberChange }),
        new StricterSetting(
            nameof(ProjectSettings.DeviceNotice),
            // Nobody was told; it costs a text.
            new ProjectSettings { DeviceNotice = DeviceNotice.Off },
            (to, from) => to with { DeviceNotice = from.DeviceNotice }),
        new StricterSetting(
            nameof(ProjectSettings.LinkConfirmation),
            new ProjectSettings { LinkConfirmation = LinkConfirmation.Tap },
            (to, from) => to with { LinkConfirmation = from.LinkConfirmation })
        {
            // It was a setting before: there was a default then, and now one has to be named.
            IsStrict = stored => stored.LinkConfirmation == LinkConfirmation.Match,
        },
    ]);

    /// <summary>A project as it was read: with what it keeps of settings that the server which wrote it did not know.</summary>
    /// <param name="stored">With the settings that are stored; those that are not have their defaults.</param>
    /// <param name="isStored">Is there a stored value of the setting with this name?</param>
    public Project Read(Project stored, Func<string, bool> isStored)
    {
        var kept = settings
            .Where(setting => !setting.IsStrict(stored.Settings))
            .Where(setting => !stored.Kept.TryGetValue(setting.Name, out var isKept) || (isKept && !isStored(setting.Name)))
            .ToList();
        return kept.Count == 0 ? stored : stored with
        {
            Settings = kept.Aggregate(stored.Settings, (present, setting) => setting.Take(present, setting.Before)),
            Kept = With(stored.Kept, kept.Select(setting => setting.Name), isKept: true),
        };
    }

    /// <summary>A project as it is to be stored: what it does not keep is settled, so that nothing is kept when it is read.</summary>
    public Project Written(Project project) => project with
    {
        Kept = With(project.Kept, settings.Select(setting => setting.Name).Where(name => !project.Kept.ContainsKey(name)), isKept: false),
    };

    /// <summary>
    /// A project of the configuration with what the stored one keeps, but for the settings that the configuration chooses.
    /// </summary>
    /// <param name="configured">Its <see cref="Project.Kept"/> names the settings that are chosen.</param>
    /// <param name="stored">Null when there is none yet.</param>
    public Project Carry(Project configured, Project? stored)
    {
        if (stored is null)
        {
            return configured;
        }
        var kept = settings.Where(setting => stored.Keeps(setting.Name) && !configured.Kept.ContainsKey(setting.Name));
        return configured with
        {
            Settings = kept.Aggregate(configured.Settings, (present, setting) => setting.Take(present, stored.Settings)),
            Kept = With(stored.Kept, configured.Kept.Keys, isKept: false),
        };
    }

    private static FrozenDictionary<string, bool> With(IReadOnlyDictionary<string, bool> kept, IEnumerable<string> names, bool isKept)
    {
        var changed = new Dictionary<string, bool>(kept, StringComparer.Ordinal);
        foreach (var name in names)
        {
            changed[name] = isKept;
        }
        return changed.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

/// <summary>A setting whose default has become stricter.</summary>
/// <param name="Name">Of the property of <see cref="ProjectSettings"/>. It is stored: for ever.</param>
/// <param name="Before">Holds what every project had before.</param>
/// <param name="Take">Takes this one setting over: the first settings, with the value of the second.</param>
public sealed record StricterSetting(string Name, ProjectSettings Before, Func<ProjectSettings, ProjectSettings, ProjectSettings> Take)
{
    /// <summary>Has a project already what is strict? Then it keeps nothing. By default no: the setting is new.</summary>
    public Func<ProjectSettings, bool> IsStrict { get; init; } = _ => false;

    public override string ToString() => Name;
}
