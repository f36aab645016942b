using Countersign.Cli.Tests.Fixtures;
using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Core.Projects;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Cli.Tests.Server;

public sealed class DeviceCommandTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_persons_browsers_are_listed_and_revoked()
    {
        var stop = TestContext.Current.CancellationToken;
        var now = server.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var shop = ProjectId.Parse("devices-shop");
        await server.Services.GetRequiredService<IProjectStore>().PutAsync(new Project(shop, "Shop", new ProjectSettings()), stop);
        var person = await server.Services.GetRequiredService<IIdentityStore>()
            .ObtainAsync(shop, PhoneNumber.Parse("+12025550142"), now, stop);
        var devices = server.Services.GetRequiredService<IDeviceStore>();
        var (first, second) = (NewDevice(), NewDevice());
        await devices.AddAsync(first, stop);
        await devices.AddAsync(second, stop);

        var listed = await server.RunAsync("devices", "list", "--number", "+12025550142");
        var one = await server.RunAsync("devices", "revoke", "--prove-id", $"{person.Id}", "--device", $"{first.Id}");
        var rest = await server.RunAsync("devices", "revoke", "--number", "+12025550142", "--project", "devices-shop", "--json");
        var none = await server.RunAsync("devices", "revoke", "--number", "+12025550142");
        var whose = await server.RunAsync("devices", "list");

        Assert.Contains($"{first.Id}", listed.Output, StringComparison.Ordinal);
        Assert.Contains("good", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("2025550142", listed.Output + one.Output, StringComparison.Ordinal);
        Assert.StartsWith("1 revoked.\n", one.Output, StringComparison.Ordinal);
        Assert.Equal($"{second.Id}", (string?)rest.Json["revoked"]![0]!["deviceId"]);
        Assert.Equal("0 revoked.\n", none.Output);
        Assert.Equal(1, whose.Code);

        Device NewDevice() => new(Guid.CreateVersion7(now), shop, "key", new byte[91], now, person.Id);
    }
}
