namespace Countersign.Core.Keys;

/// <summary>Whose key it is: that of a line, or of a project.</summary>
public readonly record struct KeyOwner
{
    private KeyOwner(PhoneNumber? number, ProjectId? project) => (Number, Project) = (number, project);

    /// <summary>Any number of the line; null for a project.</summary>
    public PhoneNumber? Number { get; }

    /// <summary>Null for a line.</summary>
    public ProjectId? Project { get; }

    public static implicit operator KeyOwner(PhoneNumber number) => new(number, null);

    public static implicit operator KeyOwner(ProjectId project) => new(null, project);

    public override string ToString() => $"{Project}{Number}";
}
