namespace Countersign.Core.Texts;

/// <summary>Who sends a text, as persons know them.</summary>
/// <param name="AllowedNames">Hosts and other names that phones make links of and that may stand in the texts.</param>
public sealed record Brand(string Name, IReadOnlyCollection<string> AllowedNames)
{
    public override string ToString() => nameof(Brand);
}
