using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.Http;

/// <summary>Two members that bound a span of time. One that is turned round must not pass for one in which nothing has happened.</summary>
internal static class SpanMembers
{
    /// <param name="absentFrom">What it begins with where that is left out; null where everything counts.</param>
    /// <param name="absentTo">Before what it ends where that is left out; null where it has no end.</param>
    /// <param name="also">A rule of the call's own for the beginning.</param>
    /// <returns>As they are given.</returns>
    public static (DateTimeOffset? From, DateTimeOffset? To) ReadSpan(
        this RequestMembers members, Member<DateTimeOffset?> from, Member<DateTimeOffset?> to, DateTimeOffset? absentFrom = null,
        DateTimeOffset? absentTo = null, Func<DateTimeOffset?, string?>? also = null)
    {
        var begin = members.Read(from, also: moment => also?.Invoke(moment)
            ?? (moment >= absentTo && !members.IsGiven(to) ? $"must be earlier than '{to}', which is now where it is left out" : null));
        var end = members.Read(to, also: moment => moment <= (begin ?? absentFrom) ? $"must be later than '{from}'" : null);
        return (begin, end);
    }
}
