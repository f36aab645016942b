namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>A browser that keeps a key which proves a person.</summary>
internal sealed record TiedBrowser(BrowserKey Key, string Number, string ProveId) : IDisposable
{
    public void Dispose() => Key.Dispose();
}
