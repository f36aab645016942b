using System.CommandLine;
using System.Net;
using System.Text;
using Countersign.Cli;
using Countersign.Cli.Attacks;
using Countersign.Client;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Fuzzing;

/// <summary>
/// What programs of ours read of a server's answers, which may be anybody's: <c>countersign doctor</c>, the attacks, the SDK. The first
/// line says which, of the SDK the question, too; the answers (<see cref="ScriptedAnswer"/>) stand between lines of "%%", in the order of
/// the calls.
/// </summary>
internal static class ClientTarget
{
    private const string Server = "https://id.example.com";

    private static readonly DateTimeOffset _now = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly Queue<HttpResponseMessage> _answers = new();
    private static readonly ScriptedAnswer _handler = new()
    {
        Answer = _ => _answers.TryDequeue(out var next) ? next : new HttpResponseMessage(HttpStatusCode.NotFound),
    };

    private static readonly ParseResult _doctor = Countersign.Cli.Program.Commands(
        new CliEnvironment(name => name == "COUNTERSIGN_ADMIN_KEY" ? InstalledServer.AdminKey : null, NewHandler)
        {
            Time = new FakeTimeProvider(_now),
        }).Parse(["doctor", "--server", Server]);

    private static readonly Dictionary<string, Func<ICountersignClient, Task<object>>> _questions = new(StringComparer.Ordinal)
    {
        ["verify"] = async sdk => await sdk.VerifyAsync(new VerifyRequest
        {
            FlowType = FlowType.Mobile, PhoneNumber = "+12015550123", FirstName = "Lori", LastName = "Montgomery",
        }),
        ["status"] = async sdk => await sdk.GetStatusAsync("019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a"),
        ["flows"] = async sdk => await sdk.Flows.ListAsync(new ListFlowsRequest()),
        ["domains"] = async sdk => await sdk.Domains.GetLinkedAsync(),
        ["validate"] = async sdk => await sdk.PreFill.ValidateAsync("019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a"),
    };

    public static Target Target { get; } = new("clients", Read);

    private static string Read(byte[] input)
    {
        var end = Array.IndexOf(input, (byte)'\n');
        if (end < 0 || Parts.Of(input[(end + 1)..]).ConvertAll(ScriptedAnswer.Read) is not { } answers || answers.Contains(null))
        {
            return Target.NoInput;
        }
        _answers.Clear();
        answers.ForEach(answer => _answers.Enqueue(answer!));
        return Encoding.Latin1.GetString(input, 0, end).Split(' ') switch
        {
            ["doctor"] => Doctor(),
            ["attack"] => Attack(),
            ["sdk", var question] when _questions.TryGetValue(question, out var ask) => Ask(ask),
            _ => Target.NoInput,
        };
    }

    private static string Doctor()
    {
        using var output = new StringWriter();
        var code = OneThread.Wait(() => _doctor.InvokeAsync(new InvocationConfiguration
        {
            Output = output, Error = output, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
        }));
        return $"{code} {output}";
    }

    /// <summary>Begins a flow and takes a step in it.</summary>
    private static string Attack()
    {
        var bounds = new Bounds(100, TimeSpan.FromMinutes(5));
        using var target = new Cli.Attacks.Target(new Uri(Server), NewHandler(), bounds, new HurriedTime())
        {
            WaitAsync = (_, _) => Task.CompletedTask,
        };
        var on = new Installation(target, new Cli.Attacks.Client("shop", "secret"), new Numbers("2002000000"), CancellationToken.None);
        try
        {
            return OneThread.Wait(async () =>
            {
                var flow = await on.BeginAsync("mobile");
                var step = await flow.StepAsync("mobile/instant/start");
                var stopped = await flow.StoppedByAsync();
                return $"{step.Brief} {PlayedFlow.IsRefusal(step)} {stopped} {await flow.PossessionAsync()}";
            });
        }
        catch (CannotPlay because)
        {
            return because.Message;
        }
    }

    private static string Ask(Func<ICountersignClient, Task<object>> question)
    {
        using var http = new HttpClient(NewHandler());
        using var sdk = new CountersignClient(http, new CountersignClientOptions
        {
            ClientId = "shop", ClientSecret = "secret", BaseUrl = new Uri(Server), MaxTries = 1,
            TimeProvider = new FakeTimeProvider(_now), ReadVariable = _ => null,
        });
        try
        {
            return OneThread.Wait(() => question(sdk)).ToString()!;
        }
        catch (CountersignException exception)
        {
            return exception.Message;
        }
    }

    private static Borrowed NewHandler() => new Borrowed(_handler);

    /// <summary>Who waits for a rate to pass has waited.</summary>
    private sealed class HurriedTime() : FakeTimeProvider(_now)
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime > TimeSpan.Zero && dueTime <= TimeSpan.FromSeconds(3))
            {
                Advance(dueTime);
            }
            return timer;
        }
    }

    /// <summary>Whoever disposes of it, the next execution uses it again.</summary>
    private sealed class Borrowed(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
    }
}
