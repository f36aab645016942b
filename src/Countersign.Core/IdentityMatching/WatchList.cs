namespace Countersign.Core.IdentityMatching;

/// <summary>A list of persons to be careful with, and what was found in it.</summary>
/// <param name="Kind">The kind of list, in its keeper's word.</param>
/// <param name="Hits">How many entries resemble the person; at least 1.</param>
/// <param name="Fields">What resembled.</param>
public sealed record WatchList(string Kind, int Hits, IReadOnlyList<WatchListField> Fields)
{
    public override string ToString() => "***";
}

/// <param name="Name">What of a person it is.</param>
/// <param name="Source">Whose list it stands in.</param>
/// <param name="Value">As it stands there.</param>
public sealed record WatchListField(string Name, string Source, string Value)
{
    public override string ToString() => "***";
}
