using System.Net;
using Countersign.Core;
using Countersign.Core.Doctor;

namespace Countersign.Providers.Camara;

/// <summary>All configured operators, and which of them to ask.</summary>
internal sealed class MobileOperators(IReadOnlyList<MobileOperator> operators) : IProviderStandings, IDisposable
{
    public MobileOperators(IReadOnlyList<OperatorSettings> settings, TimeProvider time, ILogger logger)
        : this([.. settings.Select(one => new MobileOperator(one, time, logger))])
    {
    }

    public IEnumerable<ProviderStanding> Standings => operators.Select(one => one.Standing);

    /// <summary>Null when there is none of this name.</summary>
    public MobileOperator? Find(string name) =>
        operators.FirstOrDefault(one => string.Equals(one.Settings.Name, name, StringComparison.Ordinal));

    /// <summary>
    /// The operator for a number on a connection, or null. Number and address must both be an operator's where it has both; of several the
    /// longest prefix wins, then the narrowest range.
    /// </summary>
    /// <param name="address">Null when it is not known: then no operator with ranges is responsible.</param>
    public MobileOperator? ResponsibleFor(PhoneNumber number, IPAddress? address)
    {
        var plain = address is null ? null : ClientAddress.Plain(address);
        return operators
            .Select(one => (Operator: one, Prefix: PrefixOf(one.Settings, number), Range: RangeOf(one.Settings, plain)))
            .Where(candidate => candidate is { Prefix: not null, Range: not null })
            .OrderByDescending(candidate => candidate.Prefix)
            .ThenByDescending(candidate => candidate.Range)
            .Select(candidate => candidate.Operator)
            .FirstOrDefault();
    }

    /// <summary>True when some connection could be asked for a number; which operator it is depends on the address, too.</summary>
    public bool MayAsk(PhoneNumber number) => operators.Any(one => one.Settings.IsResponsibleFor(number));

    public void Dispose()
    {
        foreach (var one in operators)
        {
            one.Dispose();
        }
    }

    /// <summary>Length of the longest prefix that fits, 0 when every number does, null when none fits.</summary>
    private static int? PrefixOf(OperatorSettings settings, PhoneNumber number) => settings.Prefixes.Count == 0
        ? 0
        : settings.Prefixes.Where(prefix => number.E164.StartsWith(prefix, StringComparison.Ordinal)).Max(prefix => (int?)prefix.Length);

    /// <summary>The same for ranges: a bit for each that is fixed, and one for having a range at all.</summary>
    private static int? RangeOf(OperatorSettings settings, IPAddress? address) => settings.Ranges.Count == 0
        ? 0
        : address is null ? null : settings.Ranges.Where(range => range.Contains(address)).Max(range => (int?)range.PrefixLength + 1);
}
