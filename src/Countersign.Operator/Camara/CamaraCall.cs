using System.Text.Json;
using Countersign.Operator.Hosting;
using Countersign.Operator.OpenId;
using Countersign.Operator.State;

namespace Countersign.Operator.Camara;

/// <summary>A call that has been let in.</summary>
/// <param name="Grant">What its token allows.</param>
/// <param name="Body">The members of its body, all of them texts or numbers that the operation knows.</param>
/// <param name="Faults">The faults for its number.</param>
internal sealed record CamaraCall(Grant Grant, IReadOnlyDictionary<string, JsonElement> Body, FaultSet Faults)
{
    public override string ToString() => "CamaraCall";

    /// <summary>A member that is a text; null when it is absent.</summary>
    public string? Text(string name) => Body.TryGetValue(name, out var value) ? value.GetString() : null;
}

/// <summary>One call of CAMARA as it is declared.</summary>
/// <param name="Scopes">Any one of these lets a token in.</param>
/// <param name="Texts">Members of the body that are texts.</param>
internal sealed record CamaraOperation(IReadOnlyList<string> Scopes, IReadOnlyList<string> Texts, Func<CamaraCall, Answer> Answer)
{
    /// <summary>Members of the body that are whole numbers.</summary>
    public IReadOnlyList<string> Numbers { get; init; } = [];

    /// <summary>False: a GET.</summary>
    public bool HasBody { get; init; } = true;

    /// <summary>
    /// Whether the token must be a person's, proves that they hold the SIM now, and is used up (CAMARA Number Verification).
    /// </summary>
    public bool TakesOneUseOfAPersonsToken { get; init; }
}
