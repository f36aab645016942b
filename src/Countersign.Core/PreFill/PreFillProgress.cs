using System.Text.Json.Serialization;
using Countersign.Core.IdentityMatching;

namespace Countersign.Core.PreFill;

/// <summary>What a pre-fill flow knows beside its possession.</summary>
/// <param name="BirthDate">Given at start, whole or in part; gone once the challenge is answered.</param>
/// <param name="Ssn">Given at start, whole or the last four; gone once the challenge is answered.</param>
public sealed record PreFillProgress(StartShape Shape, PreFillState State, PartialDate? BirthDate = null, Ssn? Ssn = null) : ProductState
{
    [JsonIgnore]
    public override Product Product => Product.PreFill;

    [JsonIgnore]
    public override bool IsDecided => State is not PreFillState.AwaitingPossession;

    public override string ToString() => Shape.ToString();
}
