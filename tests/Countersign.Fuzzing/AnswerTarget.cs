using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Texts;
using Countersign.Providers.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Fuzzing;

/// <summary>
/// What gateways answer to a text, and a relying party's own identity source to a question. The first line names the one that answers, the
/// rest is its answer (<see cref="ScriptedAnswer"/>).
/// </summary>
internal static class AnswerTarget
{
    private static readonly Lazy<Dictionary<string, ISmsGateway>> _gateways = new(() =>
        InstalledServer.Shared.Services.GetServices<ISmsGateway>().ToDictionary(gateway => gateway.Name.ToString()));

    private static readonly PhoneNumber _number = PhoneNumber.Parse("+12015550123");

    public static Target Target { get; } = new("answers", Read);

    private static string Read(byte[] input)
    {
        var end = Array.IndexOf(input, (byte)'\n');
        if (end < 0 || ScriptedAnswer.Read(input[(end + 1)..]) is not { } answer)
        {
            return Target.NoInput;
        }
        ScriptedAnswer.Shared.Answer = _ => answer;
        var name = System.Text.Encoding.Latin1.GetString(input, 0, end);
        return name == "source" ? Ask(answer)
            : GatewaySecrets.Names.Contains(name, StringComparer.Ordinal) ? Submit(_gateways.Value[name])
            : Target.NoInput;
    }

    private static string Submit(ISmsGateway gateway)
    {
        var now = InstalledServer.Shared.Now;
        var text = new OutgoingText(
            Guid.Empty, CorrelationId.New(now), _number, TextKind.Otp, new Secret("Your code is 123456."), new Secret("123456"), now,
            now.AddMinutes(2));
        var submission = new SmsSubmission(text, 1, Sender: null, TimeSpan.FromMinutes(2), new Secret("token"));
        var result = OneThread.Wait(() => gateway.SubmitAsync(submission, CancellationToken.None));
        BrokenPromise.Unless(
            result is not SmsResult.Rejected { RetryAfter: { } after } || after >= TimeSpan.Zero, "a wait that ends before it begins");
        return result.ToString();
    }

    private static string Ask(HttpResponseMessage answer)
    {
        // Made anew each time: one that has failed too often would ask no more.
        using var source = new HttpIdentitySource(
            new IdentitySourceOptions { Type = "http", Url = "https://names.example", Key = new string('k', 32) },
            new FakeTimeProvider(), NullLogger.Instance, new ScriptedAnswer { Answer = _ => answer });
        var question = new IdentityQuestion(_number, ProjectId.Parse("shop"), new PersonName("Lori", "Montgomery"), true);
        var match = OneThread.Wait(() => source.MatchAsync(question, CancellationToken.None));
        BrokenPromise.Unless(match.Score is null or (>= 0 and <= 100), "a score beyond its bounds");
        return match.Match.ToString();
    }
}
