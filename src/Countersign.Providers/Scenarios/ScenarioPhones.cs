using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Core.Flows;
using Countersign.Core.Limits;
using Countersign.Core.Possession.DeviceKey;
using Countersign.Core.Projects;
using Countersign.Core.Scenarios;
using Countersign.Core.Texts;

namespace Countersign.Providers.Scenarios;

/// <summary>The flow that is played, the phone it is about, and the key that its browser keeps. All of it is made up.</summary>
internal sealed class ScenarioPhones(
    ScenarioScript script, FlowRunner runner, ITextStore texts, IIdentityStore identities, IDeviceStore devices, ICounterStore counters,
    CounterKeys keys, TimeProvider time)
    : IDisposable
{
    private const string KeyId = "scenario";

    // Numbers of the sandbox's load users, which belong to nobody.
    private const long FirstNumber = 2_002_000_001;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly List<Guid> _texts = [];
    private Guid _device;
    private long _numbers;

    /// <summary>What every page of the scenario's project is on.</summary>
    public static string Page => "https://shop.example";

    /// <summary>The project of every scenario.</summary>
    public Project Project { get; } = new(
        ProjectId.Parse("scenario"), "Scenario", new ProjectSettings
        {
            LinkConfirmation = script.Flow.MatchesLinks ? LinkConfirmation.Match : LinkConfirmation.Tap,
            NumberChange = NumberChangeRule.On,
            DeviceNotice = script.Flow.TellsOfDevices ? DeviceNotice.On : DeviceNotice.Off,
            Passkeys = script.Scenario.Steps.Any(step => step.Do == ScenarioActs.PasskeyAnswer) ? Passkeys.Preferred : Passkeys.Off,
            WebOrigins = [Page],
            Risk = ScenarioRiskSource.PolicyOf(script.Flow),
        });

    /// <summary>The flow's id; null until it has begun.</summary>
    public CorrelationId? Id { get; set; }

    public CorrelationId Flow => Id ?? throw new ScenarioFault("the flow has not begun");

    /// <summary>The digits that the desktop shows; null where there are none.</summary>
    public Secret? Digits { get; set; }

    /// <summary>How many texts the flow has written.</summary>
    public int Texts => _texts.Count;

    public static string Number => NumberOf(0);

    public string AnotherNumber() => NumberOf(++_numbers);

    /// <summary>The flow as it stands.</summary>
    /// <exception cref="ScenarioFault">Its life is over.</exception>
    public async Task<Flow> PresentAsync(CancellationToken cancellationToken) =>
        await runner.FindAsync(Flow, cancellationToken) ?? throw new ScenarioFault("the flow's life is over");

    /// <summary>Finds the texts that were written since.</summary>
    public async Task LearnAsync(CancellationToken cancellationToken)
    {
        if (Id is { } id)
        {
            var all = await texts.ListAsync(id, cancellationToken);
            _texts.AddRange(all.Select(text => text.Text.Id).Except(_texts));
        }
    }

    /// <summary>The id of a text, from 1.</summary>
    /// <exception cref="ScenarioFault">There is none yet.</exception>
    public Guid TextOf(int number) =>
        number <= _texts.Count ? _texts[number - 1] : throw new ScenarioFault($"text {number} has not been written");

    /// <summary>What the last code or link is; empty where there is none.</summary>
    public async Task<string> LastProofAsync(CancellationToken cancellationToken)
    {
        var all = await texts.ListAsync(Flow, cancellationToken);
        return all.LastOrDefault(text => text.Text.Kind != TextKind.DeviceNotice)?.Text.Proof.Reveal() ?? "";
    }

    public DevicePublicKey PublicKey => DevicePublicKey.FromSpki(_key.ExportSubjectPublicKeyInfo())!;

    /// <summary>The key as the browser registers it.</summary>
    public ShownKey Shown => new(KeyId, PublicKey);

    /// <summary>The device that an earlier flow has tied, with its proof for this challenge.</summary>
    public (Guid Device, string KeyId, string Signature) Prove(string challenge) => (
        _device, KeyId, Convert.ToBase64String(_key.SignData(
            Encoding.UTF8.GetBytes($"{_device:D}:{challenge}"), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));

    /// <summary>What was before the flow: the person is known, and the browser is remembered.</summary>
    /// <returns>The person's id; null where nothing was.</returns>
    public async Task<Guid?> PrepareAsync(CancellationToken cancellationToken)
    {
        if (script.Flow is { IsAskedFor: false, IsRemembered: false })
        {
            return null;
        }
        var before = time.GetUtcNow() - TimeSpan.FromDays(1);
        var person = await identities.ObtainAsync(Project.Id, PhoneNumber.Parse(Number), before, cancellationToken);
        if (script.Flow.IsRemembered)
        {
            _device = Guid.CreateVersion7(before);
            await devices.AddAsync(new Device(_device, Project.Id, KeyId, PublicKey.Spki, before), cancellationToken);
            await devices.TryBindAsync(_device, null, person.Id, cancellationToken);
        }
        return script.Flow.IsAskedFor ? person.Id : null;
    }

    /// <summary>The number goes to somebody else.</summary>
    public async Task LoseNumberAsync(CancellationToken cancellationToken)
    {
        if (await identities.FindAsync(Project.Id, PhoneNumber.Parse(Number), cancellationToken) is { } person)
        {
            await identities.LeaveNumberAsync(Project.Id, person.Id, time.GetUtcNow(), cancellationToken);
        }
    }

    /// <summary>Others use up what a limit of the line leaves: of its present number, and of the next that the person gives.</summary>
    /// <param name="begin">When the flow began.</param>
    public async Task UseUpAsync(ScenarioLimit limit, DateTimeOffset begin, CancellationToken cancellationToken)
    {
        var present = (await PresentAsync(cancellationToken)).Number;
        var window = ScenarioTime.ToTime(limit.Seconds);
        var isOfProject = limit.Rule is LimitRule.GuessesOfProject or LimitRule.TextsOfProjectInHour or LimitRule.TextsOfProjectInDay;
        var charge = new Charge(
            begin + ScenarioTime.ToTime(limit.Until) - window, limit.Count,
            isOfProject ? keys.TagOf(Project.Id) : keys.TagOf("scenario", "another"));
        foreach (var line in (PhoneNumber[])[present, PhoneNumber.Parse(NumberOf(_numbers + 1))])
        {
            var key = limit.Rule is LimitRule.GuessesOfLine or LimitRule.GuessesOfProject ? keys.OfGuesses(line) : keys.OfTexts(line);
            var counter = await counters.ReadAsync(key, cancellationToken);
            await counters.TrySaveAsync(new CounterChange(counter, counter with { Charges = [charge] }, window), cancellationToken);
        }
    }

    public void Dispose() => _key.Dispose();

    private static string NumberOf(long number) => string.Create(CultureInfo.InvariantCulture, $"+1{FirstNumber + number}");
}

/// <summary>Why a scenario cannot be played on; half a sentence.</summary>
internal sealed class ScenarioFault(string message) : Exception(message);
