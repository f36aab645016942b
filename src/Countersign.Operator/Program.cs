using Countersign.Operator.Camara;
using Countersign.Operator.Control;
using Countersign.Operator.Hosting;
using Countersign.Operator.OpenId;
using Countersign.Operator.Page;
using Microsoft.AspNetCore.Connections;

namespace Countersign.Operator;

/// <summary>The simulated operator. <see cref="Build"/> is apart so that tests start what users start.</summary>
internal static class Program
{
    private const string DefaultUrl = "http://127.0.0.1:8090";

    public static async Task<int> Main(string[] args)
    {
        if (CommandLine.Answer(args) is { } answer)
        {
            await Console.Out.WriteLineAsync(answer);
            return 0;
        }
        try
        {
            await using var app = Build(args);
            await app.StartAsync();
            app.Services.GetRequiredService<Banner>().Print(Console.Out);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (ConfigurationException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 1;
        }
        catch (IOException problem) when (problem.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"{problem.Message} Choose another address: --urls http://127.0.0.1:9090");
            return 1;
        }
    }

    /// <summary>Everything but the start.</summary>
    /// <param name="args">Settings as on the command line, e.g. <c>--urls=http://127.0.0.1:0</c>.</param>
    /// <param name="substitute">Puts other services in place, e.g. a <see cref="TimeProvider"/> that a test moves.</param>
    /// <exception cref="ConfigurationException">A setting cannot work.</exception>
    internal static WebApplication Build(string[] args, Action<WebApplicationBuilder>? substitute = null)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = CommandLine.Expand(args), ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Insert(0, QuietFramework.Defaults());
        FrameworkSettings.Check(builder.Configuration);
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }
        builder.Services.AddOperator(OperatorSettings.Read(builder.Configuration));
        substitute?.Invoke(builder);
        builder.WebHost.UseOperatorKestrel();

        var app = builder.Build();
        app.UseCallLog();
        app.UseCrossOrigin();
        app.UseErrorAnswers();
        app.UseControlGuard();
        app.MapOpenId();
        app.MapCamara();
        app.MapControl();
        app.MapPage();
        return app;
    }
}
