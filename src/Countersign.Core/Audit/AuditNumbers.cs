namespace Countersign.Core.Audit;

/// <summary>The numbers of one writer that a chain holds. They come nearly in order, so what is kept is little.</summary>
/// <param name="isCut">The chain's beginning was pruned, so the first number need not be 1.</param>
internal sealed class AuditNumbers(bool isCut)
{
    // By now whatever came out of order at the beginning has come.
    private const int MaxOutOfOrder = 4096;

    // Numbers of the chain that stand beyond a gap.
    private readonly SortedSet<long> _ahead = [];
    private long _first;
    private long _upTo;
    private long _settled;

    /// <param name="isSettled">Whatever the writer wrote before it must be there by now.</param>
    /// <returns>False for a number that was there.</returns>
    public bool TryTake(long number, bool isSettled)
    {
        if (number <= _upTo || !_ahead.Add(number))
        {
            return false;
        }
        _first = _first == 0 ? number : Math.Min(_first, number);
        _settled = isSettled ? Math.Max(_settled, number) : _settled;
        if (isCut && _upTo == 0 && _ahead.Count > MaxOutOfOrder)
        {
            _upTo = _first - 1;
        }
        while (_ahead.Remove(_upTo + 1))
        {
            _upTo++;
        }
        return true;
    }

    /// <summary>Numbers that must be there and are not.</summary>
    /// <param name="waits">Those that need not be there yet.</param>
    public IEnumerable<(long First, long Last)> Missing(Func<long, bool> waits)
    {
        var (begin, next) = (0L, isCut && _upTo == 0 ? _first : _upTo + 1);
        for (; next < _settled; next++)
        {
            var isMissing = !_ahead.Contains(next) && !waits(next);
            begin = isMissing && begin == 0 ? next : begin;
            if (!isMissing && begin > 0)
            {
                yield return (begin, next - 1);
                begin = 0;
            }
        }
        if (begin > 0)
        {
            yield return (begin, next - 1);
        }
    }
}
