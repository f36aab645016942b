using System.Text.Json.Nodes;

namespace Countersign.Server.Contract;

/// <summary>One member of an object: its name, and what it is. Where a name is wanted it stands for its own.</summary>
internal record Member(string Name, JsonObject Schema, bool IsRequired = false)
{
    /// <summary>A member that must be there.</summary>
    public static Member<T> Required<T>(string name, Shape<T> shape, string description) =>
        new(name, shape, description, IsRequired: true, default!);

    /// <summary>A member that may be absent.</summary>
    public static Member<T?> Optional<T>(string name, Shape<T> shape, string description) where T : class =>
        new(name, shape!, description, IsRequired: false, null);

    /// <summary>A member that may be absent.</summary>
    public static Member<T?> OptionalValue<T>(string name, Shape<T> shape, string description) where T : struct =>
        new(name, new OrNull<T>(shape), description, IsRequired: false, null);

    /// <summary>A member that may be absent, and then has a value all the same.</summary>
    public static Member<T> Standard<T>(string name, Shape<T> shape, T standard, string description) =>
        new(name, shape, description, IsRequired: false, standard);

    /// <summary>A truth value that is false when it is absent.</summary>
    public static Member<bool> Flag(string name, string description) => Standard(name, Shape.Flag(standard: false), false, description);

    public static implicit operator string(Member member) => member.Name;

    /// <summary>The same member where null says something of its own.</summary>
    /// <param name="meaning">What it says, for the documents.</param>
    public Member OrNull(string meaning) => new(Name, Contract.Schema.OrNull(Schema, $"`null`: {meaning}."));

    /// <summary>The member of an answer that has the same name.</summary>
    public Member Answered(string description, bool isRequired = false) => new(Name, Contract.Schema.Text(description), isRequired);

    public override string ToString() => Name;
}

/// <summary>A member of a request: one object that describes it and reads it.</summary>
/// <typeparam name="T">What reading gives.</typeparam>
/// <param name="Absent">What reading gives when it is absent, and may be.</param>
internal sealed record Member<T>(string Name, Shape<T> Shape, string Description, bool IsRequired, T Absent)
    : Member(Name, Shape.Describe(Description), IsRequired)
{
    /// <summary>The same member, described as another operation needs it.</summary>
    public Member<T> Saying(string description) => new(Name, Shape, description, IsRequired, Absent);

    /// <summary>The same member, of another shape.</summary>
    public Member<T> Of(Shape<T> shape) => new(Name, shape, Description, IsRequired, Absent);

    /// <summary>The same member, where it may be absent. For values that can be null.</summary>
    public Member<T?> AsOptional() => new(Name, Shape!, Description, IsRequired: false, default);

    /// <summary>The same member, where it must be there.</summary>
    public Member<T> AsRequired() => new(Name, Shape, Description, IsRequired: true, Absent);

    public override string ToString() => Name;
}

/// <summary>A member of a request that is an object.</summary>
internal sealed record ObjectMember(string Name, JsonObject Schema, bool IsRequired = false) : Member(Name, Schema, IsRequired)
{
    /// <summary>The members that it has where its schema is closed; null where others are ignored.</summary>
    public IReadOnlyList<string>? ClosedTo { get; } = Contract.Schema.ClosedTo(Schema);

    public override string ToString() => Name;
}

/// <summary>A member of a request that is a list of values.</summary>
/// <param name="Item">What each is.</param>
/// <param name="Max">The most entries.</param>
/// <param name="Min">The fewest, for the documents: one that is required has at least one entry.</param>
internal sealed record ListMember<T>(
    string Name, string Description, Shape<T> Item, string ItemDescription, int Max, int? Min = null, bool IsRequired = false)
    : Member(Name, Contract.Schema.List(Description, Item.Describe(ItemDescription), Min, Max), IsRequired)
{
    public override string ToString() => Name;
}

/// <summary>A member of a request that is a list of objects.</summary>
/// <param name="Item">What each is.</param>
/// <param name="Max">The most entries.</param>
/// <param name="Min">The fewest, for the documents: one that is required has at least one entry.</param>
internal sealed record ObjectListMember(string Name, string Description, JsonObject Item, int Max, int? Min = null, bool IsRequired = false)
    : Member(Name, Contract.Schema.List(Description, Item, Min, Max), IsRequired)
{
    /// <summary>The members that each has where its schema is closed; null where others are ignored.</summary>
    public IReadOnlyList<string>? ClosedTo { get; } = Contract.Schema.ClosedTo(Item);

    public override string ToString() => Name;
}
