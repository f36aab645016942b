using Countersign.Core;
using Countersign.Server;
using Countersign.Server.Doctor;
using Countersign.Server.Endpoints;
using Countersign.Server.Endpoints.Admin;
using Countersign.Server.Endpoints.Browser;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty;
using Countersign.Server.Endpoints.RelyingParty.Events;
using Countersign.Server.Endpoints.RelyingParty.History;
using Countersign.Server.Endpoints.Sandbox;
using Countersign.Server.Hosting;

if (CommandLine.Answer(args) is { } answer)
{
    await Console.Out.WriteLineAsync(answer);
    return 0;
}
try
{
    if (StoreVerb.Of(args) is { } verb)
    {
        await verb.RunAsync(Console.Out);
        return 0;
    }
    if (DoctorVerb.Of(args) is { } doctor)
    {
        return await doctor.RunAsync(Console.Out);
    }
    CommandLine.Check(args);
    Guards.Warn(Console.Error);
    await using var app = Program.Build(args);
    await Startup.PrepareAsync(app);
    await app.RunAsync();
    return 0;
}
catch (ConfigurationException problem)
{
    await Console.Error.WriteLineAsync(problem.Message);
    return 1;
}
catch (Exception problem) when (ListeningProblem.SentenceFor(problem) is { } sentence)
{
    await Console.Error.WriteLineAsync(sentence);
    return 1;
}

/// <summary>The server. <see cref="Build"/> is apart so that tests start what users start.</summary>
public static partial class Program
{
    private const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>With the configuration of all places, and nothing made of it yet.</summary>
    /// <exception cref="ConfigurationException">The configuration file cannot be read.</exception>
    internal static WebApplicationBuilder NewBuilder(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
        });
        ConfigurationFile.AddTo(builder.Configuration);
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }
        return builder;
    }

    internal static WebApplication Build(string[] args, Action<WebApplicationBuilder>? substitute = null)
    {
        var builder = NewBuilder(args);
        builder.Logging.AddConsoleLog(builder.Configuration);
        var settings = Settings.Read(builder.Configuration);
        builder.Services.AddCountersign(settings).AddDoctor();
        Listeners.AddTo(builder, settings.Admin);
        substitute?.Invoke(builder);

        var app = builder.Build();
        app.UseTrustedProxies();
        app.UseTraceRedaction();
        ErrorPages.Use(app);
        app.UseSecurityHeaders();
        var (server, admin) = (app.Services.GetRequiredService<ServerOptions>(), app.Services.GetRequiredService<AdminOptions>());
        if (admin.IsOn)
        {
            AdminListener.Use(app);
        }
        if (server.Mode == Mode.Sandbox)
        {
            SandboxHosts.Use(app);
        }
        app.UseCrossOrigin();
        app.UseWebSockets();
        app.UseBearerUnder("/v3", AccessTokenAuthentication.Scheme);
        app.UseBearerUnder(FlowRoutes.Flows, AccessTokenAuthentication.Scheme);
        app.UseBearerUnder(FlowRoutes.Statistics, AccessTokenAuthentication.Scheme);
        app.UseBearerUnder(EventRoutes.Path, AccessTokenAuthentication.Scheme);
        if (admin.IsOn)
        {
            app.UseBearerUnder(AdminEndpoint.Prefix, AdminKeyAuthentication.Scheme);
            app.UseAdminAudit();
            app.UseAdminAccess();
        }
        app.MapEndpoints(server, admin);
        return app;
    }
}
