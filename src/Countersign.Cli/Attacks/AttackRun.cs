namespace Countersign.Cli.Attacks;

/// <summary>Plays attacks one after the other.</summary>
internal static class AttackRun
{
    /// <param name="only">Ids; null for all.</param>
    /// <param name="told">Hears of each when it has been played.</param>
    /// <returns>All that there are, in the order of the table, with those that were left out.</returns>
    public static async Task<IReadOnlyList<(Attack Attack, Finding Finding)>> PlayAsync(
        IReadOnlySet<string>? only, Installation on, Action<Attack, Finding> told)
    {
        var findings = new Dictionary<string, Finding>(StringComparer.Ordinal);
        var isOver = false;
        foreach (var attack in AttackTable.All.Where(attack => only?.Contains(attack.Id) ?? true).OrderBy(attack => attack.IsLoud))
        {
            Finding finding;
            try
            {
                finding = isOver ? NotReached() : attack.Elsewhere ?? await attack.Play!(on);
            }
            catch (CannotPlay because)
            {
                finding = because.IsBroken ? Finding.NotPlayed(because.Message) : Finding.NotHere(because.Message);
            }
            catch (BoundReached)
            {
                (isOver, finding) = (true, NotReached());
            }
            // What answers may be anything, and one odd answer shall not cost the report of all others.
            catch (Exception odd) when (!on.Cancelled.IsCancellationRequested)
            {
                finding = Finding.NotPlayed($"An answer could not be read: {odd.GetType().Name}.");
            }
            findings[attack.Id] = finding;
            told(attack, finding);
        }
        return [.. AttackTable.All.Select(attack => (attack, findings.GetValueOrDefault(attack.Id, Finding.LeftOut)))];
    }

    private static Finding NotReached() =>
        Finding.NotPlayed("Not played to its end: the bound of calls or of time was reached.") with
        {
            Next = "Raise --max-calls or --max-minutes.",
        };
}
