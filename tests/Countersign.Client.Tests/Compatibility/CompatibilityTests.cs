using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Countersign.Client.Tests.Compatibility;

/// <summary>A library that was compiled for netstandard2.0 finds every member of the SDK in an application of a later framework.</summary>
public sealed class CompatibilityTests
{
    [Theory]
    [InlineData("net8.0", 8)]
    [InlineData("net10.0", 10)]
    public async Task A_library_for_netstandard_works_in_an_application_for(string framework, int version)
    {
        var own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        // The application for .NET 8 brings its runtime along.
        var build = version == 8 ? $"{framework}_{RuntimeInformation.RuntimeIdentifier}" : framework;
        var program = Path.Combine(
            own, "..", "..", "Countersign.Compatibility.App", $"{Path.GetFileName(own)}_{build}", "Countersign.Compatibility.App");
        var start = version == 8
            ? new ProcessStartInfo(OperatingSystem.IsWindows() ? program + ".exe" : program)
            : new ProcessStartInfo("dotnet", [program + ".dll"]);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", await errors);
        Assert.Equal(
            [
                $"{version}",
                $".NETCoreApp,Version=v{version}.0",
                "True true True True True 1 True",
                """{"flowType":"mobile","phoneNumber":"1","dob":"02-25","allowOTPRetry":true}"""
                + """{"correlationId":"c","individual":{"ssn":"5479"}} v3-validate c True pass 0 i 2025 False""",
            ],
            lines.Select(line => line.TrimEnd()));
    }

    [Fact]
    public void Every_type_in_a_signature_that_netstandard_lacks_leads_to_the_frameworks_own() =>
        Assert.Contains(typeof(IsExternalInit), typeof(CountersignClient).Assembly.GetForwardedTypes());
}
