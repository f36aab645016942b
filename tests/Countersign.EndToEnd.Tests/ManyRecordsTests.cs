using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests;

/// <summary>
/// Many records through the real command into a real server on SQLite: made while they are read, so that nobody holds them. With <c>./test
/// --all</c> it is a million, which is what the bound on memory is about; that takes minutes.
/// </summary>
public sealed class ManyRecordsTests(ITestOutputHelper output)
{
    private const string AdminAt = "The admin API is at ";
    private const string AdminKey = "end-to-end-admin-key-0123456789-abcd";

    // Both processes need far less; either one that held the file would need several times as much.
    private const long MaxMebibytes = 512;

    private static readonly int _many = Environment.GetEnvironmentVariable("COUNTERSIGN_TESTS") == "all" ? 1_000_000 : 50_000;

    private static readonly string[] _given = ["Lori", "José", "Anna", "Peter", "Łukasz", "Omar", "Li"];
    private static readonly string[] _family = ["Montgomery", "García", "Smith", "Müller", "Okafor", "Wang"];

    [Fact]
    public async Task They_are_imported_in_bounded_memory_and_again_change_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-records-");
        try
        {
            await using var server = await ServerProcess.StartAsync(
                $"Data Source={Path.Combine(folder.FullName, "countersign.db")}",
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["Countersign__Admin__Keys__test"] = AdminKey, ["Countersign__Admin__Urls"] = "http://127.0.0.1:0",
                });
            await server.WaitForOutputAsync(AdminAt);

            var first = await ImportAsync(server, bad: _many / 2);
            var second = await ImportAsync(server, bad: _many / 2);

            output.WriteLine($"First: {first.Json.ToJsonString()}");
            output.WriteLine($"Again: {second.Json.ToJsonString()}");
            output.WriteLine($"Server: at most {server.PeakMebibytes} MiB");
            Assert.Equal((_many - 1, 0, 0, 1), Totals(first.Json));
            Assert.Equal((0, 0, _many - 1, 1), Totals(second.Json));
            // One bad line in the middle is named, and it alone is left out.
            Assert.Equal((2, $"line {_many / 2 + 1}: birthdate must be a date, YYYY-MM-DD"), (first.Code, first.Error.Trim()));
            Assert.InRange((long)first.Json["peakMebibytes"]!, 1, MaxMebibytes);
            Assert.InRange(server.PeakMebibytes, 1, MaxMebibytes);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (int Added, int Changed, int Unchanged, int Bad) Totals(JsonObject answer)
    {
        var totals = answer["totals"]!;
        return ((int)totals["added"]!, (int)totals["changed"]!, (int)totals["unchanged"]!, (int)totals["bad"]!);
    }

    private static async Task<(JsonObject Json, string Error, int Code)> ImportAsync(ServerProcess server, int bad)
    {
        var start = new ProcessStartInfo(Repository.Command, ["records", "import", "-", "--source", "many", "--json"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["COUNTERSIGN_SERVER"] = server.Output.Split(AdminAt)[1].Split(',')[0];
        start.Environment["COUNTERSIGN_ADMIN_KEY"] = AdminKey;
        using var command = Process.Start(start)!;
        var (printed, told) = (command.StandardOutput.ReadToEndAsync(), command.StandardError.ReadToEndAsync());
        await WriteAsync(command.StandardInput, bad);
        await command.WaitForExitAsync();
        var (text, error) = (await printed, await told);
        return (JsonNode.Parse(text.Length > 0 ? text : throw new InvalidOperationException(error))!.AsObject(), error, command.ExitCode);
    }

    private static async Task WriteAsync(StreamWriter input, int bad)
    {
        await using (input)
        {
            await input.WriteLineAsync("phone,given_name,family_name,birthdate,street,city,postal_code");
            for (var i = 1; i <= _many; i++)
            {
                await input.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"+1202{i:0000000},{_given[i % 7]},{_family[i % 6]},"
                        + $"{(i == bad ? "06.05.1980" : $"19{40 + i % 50}-0{1 + i % 9}-1{i % 10}")},{i % 999} Main "
                        + $"St,Springfield,6270{i % 10}"));
            }
        }
    }
}
