using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>
/// Every answer of the browser protocol. <c>Data</c> beside a success would read as "invalid input": it is left out then.
/// </summary>
internal sealed record StepAnswer(string Next, StepData? Data = null, StepError? Error = null, string? MatchCode = null)
{
    public static StepAnswer Done { get; } = new(Steps.Done);

    public static StepAnswer Go(string next) => new(next);

    public static StepAnswer Fail(StepError error, string next) => new(next, Error: error);

    /// <summary>The person may try again: the page asks once more and shows why.</summary>
    public static StepAnswer TryAgain(StepError why, string next) => new(next, Data: new StepData(Code: why.Code, Message: why.Message));

    /// <summary>The end of a decided flow: success and failure both finish, and only failure carries an error.</summary>
    public static StepAnswer Result(Flow flow) => flow.Possession switch
    {
        // No text was sent, and no entry made.
        PossessionState.Failed { Reason: not (PossessionFailure.GivenUp or PossessionFailure.Declined or PossessionFailure.Cancelled) }
            when flow.TakesNoText && flow.Type != FlowType.None
            => Fail(StepError.NoMethodLeft, Steps.Done),
        PossessionState.Failed { Reason: PossessionFailure.BudgetSpent } => Fail(StepError.NoEntryLeft, Steps.Done),
        PossessionState.Failed { Reason: PossessionFailure.WrongProof } when flow.AllowsOtpRetry || flow.MatchDigits is not null
            => Fail(StepError.NoEntryLeft, Steps.Done),
        // Without a check of ours there is no text that could have failed.
        PossessionState.Failed when flow.Type == FlowType.None => Fail(StepError.NotInThisFlow, Steps.Done),
        PossessionState.Failed failed => Fail(StepError.Of(failed.Reason), Steps.Done),
        _ => Done,
    };

    public override string ToString() => Next;
}

/// <summary>
/// An object with no member is written as <c>{}</c>, which has a meaning of its own (see <see cref="InstantLinkStart"/>).
/// </summary>
/// <param name="CredCreateOptions">WebAuthn's options for <c>navigator.credentials.create</c>.</param>
/// <param name="CredRequestOptions">WebAuthn's options for <c>navigator.credentials.get</c>.</param>
internal sealed record StepData(
    string? RedirectUrl = null, int? Code = null, string? Message = null, string? DeviceId = null, JsonElement? CredCreateOptions = null,
    JsonElement? CredRequestOptions = null)
{
    public override string ToString() => nameof(StepData);
}

/// <summary>Codes of the possession layer, those that published browser SDKs know.</summary>
internal sealed record StepError(int Code, string Message)
{
    public static StepError WrongCode { get; } = new(10001, "the code is wrong");
    public static StepError NoEntryLeft { get; } = new(10005, "no entry is left");
    public static StepError NotVerified { get; } = new(10001, "the network did not confirm the number");
    public static StepError NoMethodLeft { get; } = new(10001, "the number was not confirmed, and no text arrives at it");
    public static StepError NotAvailable { get; } = new(10001, "the mobile network cannot be asked here");
    public static StepError ReturnNotAllowed { get; } = new(
        10003, "'returnUrl' must be an address without a fragment, of at most 512 characters, on one of the project's web origins");
    public static StepError NotInThisFlow { get; } = new(10003, "this step is not part of the flow");
    public static StepError GoesOnElsewhere { get; } = new(10003, "the flow goes on in other windows");
    public static StepError AlreadyDecided { get; } = new(10003, "the flow is already decided");
    public static StepError KeyNotProven { get; } = new(10001, "the device key was not proven");

    /// <summary>With this code published browser SDKs wipe what they keep of a device.</summary>
    public static StepError NoDevice { get; } = new(10006, "the device is not known");
    public static StepError PasskeyNotAccepted { get; } = new(10001, "the passkey was not accepted");
    public static StepError NoPasskeysHere { get; } = new(10003, "this page cannot have passkeys");
    public static StepError NotOffered { get; } = new(10003, "this step is not offered");

    /// <summary>A test user is refused in the words that the relying party would hear.</summary>
    public static StepError Of(NumberRefusal reason) => reason switch
    {
        NumberRefusal.Fixed => new(10002, "the number cannot be changed in this flow"),
        NumberRefusal.NoText => new(10002, "no text arrives at a fixed line"),
        NumberRefusal.NoneLeft => new(10003, "the number cannot be changed again in this flow"),
        // Why is for the relying party: a person who tries numbers shall not learn which exist.
        NumberRefusal.NotAdmitted => new(8001, "this number cannot be used here"),
        NumberRefusal.OtherProduct => new(Fault.OtherProductsTestUser.Code, Fault.OtherProductsTestUser.Message),
        _ => new(Fault.NoTestUser.Code, Fault.NoTestUser.Message),
    };

    public static StepError Of(PossessionFailure reason) => reason switch
    {
        PossessionFailure.Expired => new(10001, "the time is over"),
        PossessionFailure.WrongProof => WrongCode,
        PossessionFailure.Unavailable => new(10001, "no text could be sent"),
        PossessionFailure.GivenUp => new(10004, "the check was given up"),
        PossessionFailure.Cancelled => new(10004, "the check was cancelled"),
        _ => new(10001, "the phone's holder declined"),
    };
}
