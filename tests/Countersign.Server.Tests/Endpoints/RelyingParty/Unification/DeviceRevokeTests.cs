using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.Unification;

public abstract class DeviceRevokeTests(ServerFixture fixture)
{
    private const string NotFound = "404 8011 not found";

    private TestServer Server => fixture.Server;

    private IDeviceStore Devices => Server.Services.GetRequiredService<IDeviceStore>();

    [Fact]
    public async Task A_device_is_revoked_for_ever_and_may_be_revoked_again()
    {
        var id = await AddDeviceAsync();

        var first = await Server.RevokeDeviceAsync(id.ToString());
        var second = await Server.RevokeDeviceAsync(id.ToString());

        Assert.Equal((200, """{"success":true}"""), (first.Status, first.Body));
        Assert.Equal((200, first.Body), (second.Status, second.Body));
        Assert.True((await Devices.FindAsync(id, TestContext.Current.CancellationToken))!.IsRevoked);
    }

    [Fact]
    public async Task Another_projects_device_is_not_found_and_stays()
    {
        var stranger = await Server.AddProjectAsync("stranger");
        var id = await AddDeviceAsync();

        var reply = await Server.RevokeDeviceAsync(id.ToString(), stranger);

        Assert.Equal(NotFound, reply.Fault);
        Assert.False((await Devices.FindAsync(id, TestContext.Current.CancellationToken))!.IsRevoked);
    }

    [Theory]
    [InlineData("019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a")]
    [InlineData("019ab3f05c1e7d2a9b643f8e2c71d05a")]
    [InlineData("my phone")]
    public async Task A_device_that_nobody_has_registered_is_not_found(string id)
    {
        Assert.Equal(NotFound, (await Server.RevokeDeviceAsync(id)).Fault);
    }

    [Theory]
    [InlineData("{}", "400 8001 field 'clientRequestId' is missing; field 'deviceId' is missing")]
    [InlineData("""{"clientRequestId":1,"deviceId":"a\nb"}""",
        "400 8001 field 'clientRequestId' is invalid: must be text; field 'deviceId' is invalid: contains control characters")]
    [InlineData("""{"clientRequestId":"","deviceId":null}""", "400 8001 field 'clientRequestId' is missing; field 'deviceId' is missing")]
    public async Task Every_bad_field_is_named(string body, string expected)
    {
        Assert.Equal(expected, (await Server.PostAsync("/v3/device/revoke", body)).Fault);
    }

    private async Task<Guid> AddDeviceAsync()
    {
        var device = new Device(Guid.NewGuid(), ProjectId.Parse("sandbox"), "key", [1, 2, 3], DateTimeOffset.UnixEpoch);
        await Devices.AddAsync(device, TestContext.Current.CancellationToken);
        return device.Id;
    }
}

public sealed class DeviceRevokeOnSqlite(OnSqlite fixture) : DeviceRevokeTests(fixture), IClassFixture<OnSqlite>;

public sealed class DeviceRevokeOnPostgres(OnPostgres fixture) : DeviceRevokeTests(fixture), IClassFixture<OnPostgres>;
