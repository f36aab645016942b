namespace Countersign.Server.Endpoints.Http;

/// <summary>
/// On every connection that came by an address of the admin API. The socket that listens puts it there, so no header can say it.
/// </summary>
internal sealed class AdminConnection
{
    private AdminConnection()
    {
    }

    public static AdminConnection Instance { get; } = new();

    public static bool IsOf(HttpContext context) => context.Features.Get<AdminConnection>() is not null;
}
