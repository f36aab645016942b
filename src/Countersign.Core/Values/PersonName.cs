namespace Countersign.Core;

/// <summary>A given and a family name as the relying party sent them, trimmed. Prints masked.</summary>
/// <param name="Given">1 to 128 characters.</param>
/// <param name="Family">1 to 128 characters.</param>
public sealed record PersonName(string Given, string Family)
{
    public override string ToString() => "***";
}
