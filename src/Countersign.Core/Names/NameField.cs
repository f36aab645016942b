namespace Countersign.Core.Names;

/// <summary>Which of the two names a text is: particles and nicknames differ.</summary>
internal enum NameKind
{
    Given,
    Family,
}

/// <summary>A given or a family name, read.</summary>
internal sealed class NameField
{
    /// <summary>Null when it can be compared.</summary>
    public MatchRule? Problem { get; init; }

    /// <summary>Without titles and suffixes.</summary>
    public IReadOnlyList<Word> Words { get; init; } = [];

    /// <summary>Without small words; what clings together is one.</summary>
    public IReadOnlyList<Word> Core { get; init; } = [];

    /// <summary>The small words, two spellings of one as the same.</summary>
    public IReadOnlyList<string> Particles { get; init; } = [];

    /// <summary>A small word is all there is (the surnames Do, Van, Di): only itself is equal to it.</summary>
    public bool IsParticleAlone { get; init; }

    public Scripts Scripts { get; init; }

    public override string ToString() => "***";
}
