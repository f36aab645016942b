namespace Countersign.Core.Limits;

/// <summary>Where a browser's call came from.</summary>
/// <param name="Text">The address; of IPv6 the /64, which is what one subscriber has.</param>
/// <param name="IsOfOne">False for a private address: it may be a proxy's that no setting names, with many behind it.</param>
public readonly record struct BrowserNetwork(string Text, bool IsOfOne)
{
    // An address is personal.
    public override string ToString() => "***";
}
