namespace Countersign.Server.Endpoints.Http;

/// <summary>Sets of methods that an address takes.</summary>
internal static class Methods
{
    /// <summary>To read: HEAD asks for the headers alone.</summary>
    public static string[] GetOrHead { get; } = [HttpMethods.Get, HttpMethods.Head];
}
