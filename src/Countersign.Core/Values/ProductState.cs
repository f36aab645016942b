using System.Text;
using System.Text.Json.Serialization;

namespace Countersign.Core;

/// <summary>
/// What a flow is beside its possession: where it stands with what its product wants of it, and what it knows for that. A closed set of one
/// for each <see cref="Core.Product"/>: <see cref="VerifiedUser.VerifiedUserState"/>, <see cref="PreFill.PreFillProgress"/> and
/// <see cref="Unify.UnifyProgress"/>.
/// </summary>
public abstract record ProductState
{
    private protected ProductState() { }

    [JsonIgnore]
    public abstract Product Product { get; }

    /// <summary>The browser has nothing left to do: possession is decided, and what had to follow at once is done.</summary>
    [JsonIgnore]
    public abstract bool IsDecided { get; }

    /// <summary>
    /// When whoever is at what follows from possession (matching the identity, tying the device) is taken for dead; null when nobody is.
    /// </summary>
    [JsonIgnore]
    public virtual DateTimeOffset? Deadline => null;

    /// <summary>Somebody is at what follows from possession.</summary>
    [JsonIgnore]
    public bool IsBusy => Deadline is not null;

    // What follows from the rest says nothing new.
    protected virtual bool PrintMembers(StringBuilder builder) => false;
}
