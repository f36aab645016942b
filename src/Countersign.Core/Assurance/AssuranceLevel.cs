namespace Countersign.Core.Assurance;

/// <summary>How far a relying party may rely on a person belonging to a number. The values are the published ones.</summary>
public enum AssuranceLevel
{
    /// <summary>There is a reason against it.</summary>
    Distrust = -1,

    /// <summary>Nothing speaks for it.</summary>
    None = 0,

    /// <summary>Somebody is there.</summary>
    Somebody = 1,

    /// <summary>This person is.</summary>
    Name = 2,

    /// <summary>This person is, by more than the name.</summary>
    NameAndElement = 3,
}
