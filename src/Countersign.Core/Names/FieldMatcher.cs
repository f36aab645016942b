namespace Countersign.Core.Names;

/// <summary>Where a first given name is an initial that was taken for the whole name, or for the same initial.</summary>
[Flags]
internal enum Initials
{
    None = 0,

    /// <summary>In the record alone: a system has cut the name.</summary>
    Recorded = 1,

    /// <summary>In the name that was asked for alone: a guess in 26 is right.</summary>
    Asked = 2,

    /// <summary>The same on both sides.</summary>
    Both = 4,
}

/// <summary>What one field of two names has in common, before any policy.</summary>
/// <param name="Rule">The rule of the weakest pair; null when no rule decided.</param>
/// <param name="Typos">How many words needed one.</param>
internal readonly record struct FieldReading(int Score, MatchRule Rule, int Typos = 0, Initials Initials = Initials.None)
{
    public FieldReading(MatchRule rule) : this(rule.Score, rule) { }

    /// <summary>Both must hold: the weaker one speaks for them.</summary>
    public FieldReading And(FieldReading other)
    {
        var weaker = Score < other.Score || (Score == other.Score && Rule.Rank >= other.Rule.Rank) ? this : other;
        return weaker with { Typos = Typos + other.Typos, Initials = Initials | other.Initials };
    }

    public bool IsBetterThan(FieldReading other) =>
        Score != other.Score ? Score > other.Score : Typos != other.Typos ? Typos < other.Typos : Rule.Rank < other.Rule.Rank;
}

/// <summary>Compares given name with given name, or family name with family name.</summary>
internal static class FieldMatcher
{
    /// <summary>Who gives a list of names wants one of them to fit.</summary>
    private const int MaxExtras = 3;

    /// <summary>The longest name of which the first word may be left out.</summary>
    private const int MaxWordsCalledBySecond = 3;

    private static readonly FieldReading _everything = new(100, MatchRule.Exact);

    /// <param name="one">The record's.</param>
    /// <param name="other">Asked for.</param>
    public static FieldReading Compare(NameField one, NameField other, NameKind kind)
    {
        if (one.Problem is not null || other.Problem is not null)
        {
            return new FieldReading(Worse(one.Problem, other.Problem));
        }
        if (Whole(one, other) is { } whole)
        {
            return whole;
        }
        if (!one.IsParticleAlone && !other.IsParticleAlone)
        {
            var best = Best(Parts(one, other, kind), kind == NameKind.Family ? Reordered(one, other) : null);
            if (best is { } found && Particles(one, other) is { } particles)
            {
                // All names are the same, and the whole was not: what is left are small words, or what clings to a name.
                return found.Score < MatchRule.Folded.Score ? found.And(particles)
                    : new FieldReading(one.Particles.Count + other.Particles.Count > 0 ? MatchRule.Particle : MatchRule.Joined);
            }
        }
        if (!Romanisation.CanDeny(one.Scripts, other.Scripts))
        {
            return new FieldReading(MatchRule.ScriptNotComparable);
        }
        return new FieldReading(IsOtherName(one, other, kind) ? MatchRule.OtherName : MatchRule.Differs);
    }

    private static MatchRule Worse(MatchRule? one, MatchRule? other) =>
        one is null ? other! : other is null || one.Rank < other.Rank ? one : other;

    /// <summary>All the words are the same, in order, or are once the spaces are gone.</summary>
    private static FieldReading? Whole(NameField one, NameField other)
    {
        if (one.Core[0].IsOneLetter || other.Core[0].IsOneLetter)
        {
            return null;
        }
        if (one.Words.Count == other.Words.Count && Pairwise(one.Words, other.Words) is { } rule)
        {
            return new FieldReading(rule);
        }
        // Paul A. is not Paula. An O that clings (O Brien) is no word of the core.
        if (one.Core.Any(word => word.IsOneLetter) || other.Core.Any(word => word.IsOneLetter))
        {
            return null;
        }
        return one.Words.Count + other.Words.Count > 2 && Word.Join(one.Words) is { } joined && Word.Join(other.Words) is { } otherJoined
            ? WordPair.Same(joined, otherJoined) switch
            {
                null => null,
                var same when same == MatchRule.Transliterated => new FieldReading(same),
                _ => new FieldReading(MatchRule.Joined),
            }
            : null;
    }

    private static MatchRule? Pairwise(IReadOnlyList<Word> one, IReadOnlyList<Word> other)
    {
        var weakest = MatchRule.Exact;
        for (var i = 0; i < one.Count; i++)
        {
            var rule = one[i].Written == other[i].Written ? MatchRule.Exact : WordPair.Same(one[i], other[i]);
            if (rule is null)
            {
                return null;
            }
            weakest = rule.Rank > weakest.Rank ? rule : weakest;
        }
        return weakest;
    }

    /// <summary>Each word of the one side pairs with one of the other, in order; the other may have more.</summary>
    private static FieldReading? Parts(NameField one, NameField other, NameKind kind) =>
        Math.Abs(one.Core.Count - other.Core.Count) > MaxExtras ? null : Best(
            Align(one.Core, other.Core, kind, Initials.Recorded, Initials.Asked),
            Align(other.Core, one.Core, kind, Initials.Asked, Initials.Recorded));

    // best[i, j]: the first i words of the few are paired within the first j of the many.
    private static FieldReading? Align(IReadOnlyList<Word> few, IReadOnlyList<Word> many, NameKind kind, Initials ofFew, Initials ofMany)
    {
        var width = many.Count + 1;
        var best = new FieldReading?[(few.Count + 1) * width];
        best[0] = _everything;
        for (var i = 0; i <= few.Count; i++)
        {
            for (var j = 0; j <= many.Count; j++)
            {
                if (best[i * width + j] is not { } soFar)
                {
                    continue;
                }
                if (j < many.Count && (i > 0 || kind == NameKind.Family || many.Count <= MaxWordsCalledBySecond))
                {
                    Offer(i, j + 1, soFar.And(Extra(i, kind)));
                }
                if (i < few.Count && j < many.Count && Pair(few[i], many[j], i == 0, j == 0, kind, ofFew, ofMany) is { } pair)
                {
                    Offer(i + 1, j + 1, soFar.And(pair));
                }
                if (i < few.Count && j + 1 < many.Count && JoinNames(many[j], many[j + 1]) is { } joined
                    && Joined(few[i], joined, kind) is { } rule)
                {
                    Offer(i + 1, j + 2, soFar.And(new FieldReading(rule)));
                }
                if (i + 1 < few.Count && j < many.Count && JoinNames(few[i], few[i + 1]) is { } fewJoined
                    && Joined(fewJoined, many[j], kind) is { } fewRule)
                {
                    Offer(i + 2, j + 1, soFar.And(new FieldReading(fewRule)));
                }
            }
        }
        return best[^1];

        void Offer(int i, int j, FieldReading reading) => best[i * width + j] = Best(best[i * width + j], reading);
    }

    /// <summary>Null with an initial: Mary A. is not Marya.</summary>
    private static Word? JoinNames(Word first, Word second) => first.IsOneLetter || second.IsOneLetter ? null : Word.Join(first, second);

    /// <summary>Two words against one: the same without the space, or by the table (José María, Chema; 지훈, Ji-hun).</summary>
    private static MatchRule? Joined(Word one, Word other, NameKind kind) =>
        WordPair.Same(one, other) is not null ? MatchRule.Joined : NameTable.Of(kind).Relation(one, other);

    /// <summary>A word that the other side leaves out.</summary>
    /// <param name="paired">How many words before it had a partner.</param>
    private static FieldReading Extra(int paired, NameKind kind) =>
        kind == NameKind.Family ? new FieldReading(MatchRule.DoubleBarrelPart)
        // To leave out the first given name and use the second is common, but says less.
        : new FieldReading(paired == 0 ? MatchRule.ExtraName.Score - 4 : MatchRule.ExtraName.Score, MatchRule.ExtraName);

    private static FieldReading? Pair(
        Word one, Word other, bool isFirst, bool isOtherFirst, NameKind kind, Initials ofOne, Initials ofOther)
    {
        if (one.IsOneLetter || other.IsOneLetter)
        {
            return kind == NameKind.Family || isFirst != isOtherFirst || !WordPair.IsInitial(one, other) ? null
                : isFirst ? new FieldReading(
                    MatchRule.Initial.Score, MatchRule.Initial,
                    Initials: !other.IsOneLetter ? ofOne : !one.IsOneLetter ? ofOther : Initials.Both)
                : new FieldReading(MatchRule.MiddleInitial);
        }
        var rule = WordPair.Compare(one, other, kind);
        return rule is null || rule == MatchRule.OtherName ? null : new FieldReading(rule.Score, rule, rule == MatchRule.Typo ? 1 : 0);
    }

    /// <summary>The same family names the other way round. Given names are not: José María and María José are two people.</summary>
    private static FieldReading? Reordered(NameField one, NameField other)
    {
        if (one.Core.Count != other.Core.Count || one.Core.Count < 2)
        {
            return null;
        }
        List<Word> left = [.. other.Core];
        foreach (var word in one.Core)
        {
            var partner = left.FindIndex(candidate => WordPair.Same(word, candidate) is not null);
            if (partner < 0)
            {
                return null;
            }
            left.RemoveAt(partner);
        }
        return new FieldReading(MatchRule.Reordered);
    }

    /// <summary>Small words may be left out, all or some; two different ones (van den Berg, van der Berg) are two families.</summary>
    private static FieldReading? Particles(NameField one, NameField other)
    {
        if (one.Particles.Contains(NameWords.AnyParticle, StringComparer.Ordinal)
            || other.Particles.Contains(NameWords.AnyParticle, StringComparer.Ordinal))
        {
            return new FieldReading(MatchRule.Particle);
        }
        var (few, many) = one.Particles.Count <= other.Particles.Count ? (one.Particles, other.Particles)
            : (other.Particles, one.Particles);
        var left = many.ToList();
        return !few.All(left.Remove) ? null : left.Count == 0 ? _everything : new FieldReading(MatchRule.Particle);
    }

    private static bool IsOtherName(NameField one, NameField other, NameKind kind)
    {
        if (one.Core.Count != other.Core.Count)
        {
            return false;
        }
        var isFound = false;
        for (var i = 0; i < one.Core.Count; i++)
        {
            var rule = WordPair.Compare(one.Core[i], other.Core[i], kind);
            if (rule is null)
            {
                return false;
            }
            isFound |= rule == MatchRule.OtherName;
        }
        return isFound;
    }

    private static FieldReading? Best(FieldReading? one, FieldReading? other) =>
        one is { } first && (other is not { } second || !second.IsBetterThan(first)) ? one : other;
}
