using Countersign.Core;
using Countersign.Core.Doctor;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Names;

namespace Countersign.Providers.Identity;

/// <summary>
/// Several identity sources as one: asked in their order until one's answer is enough. The table is in docs/identity-sources.md.
/// </summary>
internal sealed class IdentityChain(IReadOnlyList<IdentityLink> links, TimeProvider time, ILogger logger)
    : IIdentitySource, IProviderStandings
{
    /// <summary>
    /// Less than after which a flow takes whoever asks for dead (<see cref="Core.VerifiedUser.VerifiedUserMachine.MatchTime"/>).
    /// </summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(9);

    /// <summary>
    /// One source's part of it: who hangs must not use up the time of those who come after. More than the three seconds that a source
    /// gives itself, since it knows better than the chain what it waited for; two of them leave a third two seconds.
    /// </summary>
    public static readonly TimeSpan BudgetOfOne = TimeSpan.FromSeconds(3.5);

    /// <summary>Of those that have guards of their own: operators know theirs, and own records need none.</summary>
    public IEnumerable<ProviderStanding> Standings =>
        links.Select(link => link.Source).OfType<IProviderStandings>().SelectMany(source => source.Standings);

    public async Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Budget, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        IdentityAnswer? differs = null, nothing = null, down = null;
        var isDecided = false;
        foreach (var link in links)
        {
            var stopOn = link.StopOn;
            var answer = await AskAsync(link, question, linked.Token, cancellationToken);
            if (answer.IsSourceDown)
            {
                down ??= answer;
                continue;
            }
            if (!isDecided && IsEnough(answer.Match, stopOn))
            {
                // Attack: who is on record is answered sooner, by fewer sources. So the others are asked as if there were no record, and
                // not listened to.
                isDecided = question.HidesRecord && answer.Match == IdentityMatch.Differs && !IsEnough(IdentityMatch.NotAvailable, stopOn);
                if (!isDecided)
                {
                    return answer;
                }
            }
            if (isDecided && IsEnough(IdentityMatch.NotAvailable, stopOn))
            {
                return differs!;
            }
            if (answer.Match == IdentityMatch.Differs)
            {
                differs ??= answer;
            }
            else
            {
                nothing ??= answer;
            }
        }
        // Who could not be asked might have known: that nobody has a record is said only when everybody has said so.
        return (question.HidesRecord ? down ?? differs : differs ?? down) ?? nothing ?? IdentityAnswer.SourceDown;
    }

    private static bool IsEnough(IdentityMatch match, StopRule stopOn) => (match, stopOn) switch
    {
        (IdentityMatch.Matched, _) => true,
        (IdentityMatch.Differs, StopRule.Answer or StopRule.Reply) => true,
        (_, StopRule.Reply) => true,
        _ => false,
    };

    private async Task<IdentityAnswer> AskAsync(
        IdentityLink link, IdentityQuestion question, CancellationToken inTime, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(BudgetOfOne, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(inTime, timeout.Token);
        try
        {
            var answer = await link.Source.MatchAsync(question, linked.Token);
            // Sources that compare by themselves may take an initial for a name.
            return answer.Match == IdentityMatch.Matched && !question.IsPossessionProven && !NameMatcher.HasFullNames(question.Name)
                ? new IdentityAnswer(IdentityMatch.Differs, Source: answer.Source, Rule: "asked-initial")
                : answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.SourceFailed(logger, link.Name, timeout.IsCancellationRequested ? "it took too long" : "no time was left for it");
            return IdentityAnswer.SourceDown with { Source = link.Name };
        }
    }
}

/// <summary>One source of a chain.</summary>
/// <param name="Name">For the log and the answer where the source itself says nothing in time.</param>
/// <param name="StopOn">After which of its answers no further source is asked.</param>
internal sealed record IdentityLink(SourceName Name, IIdentitySource Source, StopRule StopOn);
