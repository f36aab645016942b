using System.Collections.Concurrent;
using System.Globalization;
using Countersign.Hosting;
using Countersign.Server.Endpoints.Admin;
using Countersign.Server.Endpoints.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Countersign.Server.Hosting;

/// <summary>The sockets that listen: those of the public and, where there is an admin API, its own.</summary>
internal sealed class Listeners
{
    private const string Endpoints = "Kestrel:Endpoints";

    private readonly ConcurrentBag<ListenOptions> _admin = [];

    /// <summary>Adds the admin API's addresses to those that are configured, however that was done.</summary>
    public static void AddTo(WebApplicationBuilder builder, AdminOptions admin)
    {
        var listeners = new Listeners();
        builder.Services.AddSingleton(listeners);
        if (!admin.IsOn)
        {
            return;
        }
        var own = ListeningAddresses.Split(admin.Urls);
        if (builder.Configuration.GetSection(Endpoints).GetChildren().Any())
        {
            listeners.AddEndpoints(builder, own);
        }
        else
        {
            listeners.AddUrls(builder, ListeningAddresses.Split(builder.Configuration["urls"] ?? ""), own);
        }
    }

    /// <summary>The addresses listened on, as they are now that the server has started: a port may have been any.</summary>
    public (IReadOnlyList<string> Public, IReadOnlyList<string> Admin) AddressesOf(IServer server)
    {
        var all = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        // What a listener calls itself is what the server lists.
        var admin = _admin.Select(listener => listener.ToString()).ToHashSet(StringComparer.Ordinal);
        return ([.. all.Where(address => !admin.Contains(address))], [.. all.Where(admin.Contains)]);
    }

    private void AddUrls(WebApplicationBuilder builder, string[] others, string[] own)
    {
        builder.WebHost.UseUrls([.. others, .. own]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // The web server takes them one by one, in their order. One that comes later is of a configuration that was changed since, and
            // is nobody's: it must not become the admin API's.
            var taken = 0;
            kestrel.ConfigureEndpointDefaults(listener =>
            {
                var place = taken++;
                if (place >= others.Length && place < others.Length + own.Length)
                {
                    Mark(listener);
                }
            });
        });
    }

    private void AddEndpoints(WebApplicationBuilder builder, string[] own)
    {
        var names = own.Index().ToDictionary(
            url => string.Create(CultureInfo.InvariantCulture, $"countersign-admin-{url.Index}"), url => url.Item, StringComparer.Ordinal);
        builder.Configuration.AddInMemoryCollection(
            names.Select(url => KeyValuePair.Create($"{Endpoints}:{url.Key}:Url", (string?)url.Value)));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var name in names.Keys)
            {
                kestrel.ConfigurationLoader!.Endpoint(name, endpoint => Mark(endpoint.ListenOptions));
            }
        });
    }

    private void Mark(ListenOptions listener)
    {
        _admin.Add(listener);
        listener.Use(next => connection =>
        {
            connection.Features.Set(AdminConnection.Instance);
            return next(connection);
        });
    }
}
