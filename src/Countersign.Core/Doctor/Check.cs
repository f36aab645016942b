namespace Countersign.Core.Doctor;

/// <summary>One thing that <c>countersign doctor</c> looks at.</summary>
/// <param name="Id">For scripts, so for ever: what it is about and what is found (<c>caps.none</c>).</param>
/// <param name="LooksAt">What is looked at, as a part of a sentence.</param>
/// <param name="Worst">What it finds at worst: <see cref="FindingState.Broken"/> or <see cref="FindingState.Weak"/>.</param>
/// <param name="Do">What to do when it is not right: a setting or a command by its name.</param>
/// <param name="Page">Where more of it stands, below <c>docs</c>.</param>
public sealed record Check(string Id, string LooksAt, FindingState Worst, string Do, string Page)
{
    public Finding IsFine(string says) => new(this, FindingState.Fine, says);

    /// <summary>It could not be looked at, which is not to be taken for fine.</summary>
    /// <param name="why">A sentence.</param>
    public Finding IsUnknown(string why) => new(this, FindingState.Unknown, why);

    public Finding IsWeak(string says) => new(this, FindingState.Weak, says);

    public Finding IsBroken(string says) => new(this, FindingState.Broken, says);

    public override string ToString() => nameof(Check);
}

/// <summary>What became of a check, the worst first. The words, in small letters, are on the wire.</summary>
public enum FindingState
{
    /// <summary>Something does not work.</summary>
    Broken,

    /// <summary>It works, and less safely than it could.</summary>
    Weak,

    /// <summary>It could not be looked at.</summary>
    Unknown,

    Fine,
}

/// <summary>What a check has found.</summary>
/// <param name="Says">One sentence or more, with nothing in it that is secret or a person's.</param>
public sealed record Finding(Check Check, FindingState State, string Says)
{
    /// <summary>What it is about, where there is more than one: a project's id, a gateway's name, a setting.</summary>
    public string? About { get; init; }

    public override string ToString() => State.ToString();
}

/// <summary>Looks at a server that runs in this process.</summary>
public interface IServerDoctor
{
    /// <summary>All that was found. What cannot be looked at is said as such; it does not throw.</summary>
    Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken cancellationToken);

    /// <summary>Tells one configuration from another, and nothing of what stands in it.</summary>
    string Configuration { get; }
}
