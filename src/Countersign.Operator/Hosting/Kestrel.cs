namespace Countersign.Operator.Hosting;

internal static class Kestrel
{
    public static void UseOperatorKestrel(this IWebHostBuilder host)
    {
        host.UseKestrelHttpsConfiguration();
        host.ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            if (!context.Configuration.GetSection("Kestrel:Certificates:Default").Exists())
            {
                // Made when the first https address is bound: whoever listens on http alone needs none.
                kestrel.ConfigureHttpsDefaults(https =>
                    https.ServerCertificate = kestrel.ApplicationServices.GetRequiredService<SelfSignedCertificate>().Value);
            }
        });
    }
}
