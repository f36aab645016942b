namespace Countersign.Core.Names;

/// <summary>Both fields of a name, read.</summary>
internal sealed class ReadName
{
    private ReadName(NameField given, NameField family) => (Given, Family) = (given, family);

    public NameField Given { get; }

    public NameField Family { get; }

    public bool IsReadable => Given.Problem is null && Family.Problem is null;

    /// <summary>In small Latin letters where there are such: for the similarity that is told and decides nothing.</summary>
    public string Plain => string.Join(' ', Given.Words.Concat(Family.Words).Select(word => word.Spellings[0]));

    public static ReadName Of(PersonName name) =>
        new(NameReader.Read(name.Given, NameKind.Given), NameReader.Read(name.Family, NameKind.Family));

    /// <summary>The same name with its fields exchanged.</summary>
    public static ReadName Exchanged(PersonName name) =>
        new(NameReader.Read(name.Family, NameKind.Given), NameReader.Read(name.Given, NameKind.Family));

    public override string ToString() => "***";
}
