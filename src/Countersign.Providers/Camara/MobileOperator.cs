using System.Net.Http.Headers;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Doctor;
using Countersign.Providers.Http;

namespace Countersign.Providers.Camara;

/// <summary>One operator and what it can be asked.</summary>
internal sealed class MobileOperator : IDisposable
{
    private readonly OperatorCalls _calls;

    /// <param name="handler">What carries requests, for tests; null for the network.</param>
    public MobileOperator(OperatorSettings settings, TimeProvider time, ILogger logger, HttpMessageHandler? handler = null)
    {
        Settings = settings;
        _calls = new OperatorCalls(settings.Name, time, logger, handler);
        Metadata = new OperatorMetadata(settings, _calls, time);
        Tokens = new OperatorTokens(settings, Metadata, _calls, time);
        Apis = new OperatorApis(settings, Tokens, _calls, time);
    }

    public OperatorSettings Settings { get; }
    public OperatorMetadata Metadata { get; }
    public OperatorTokens Tokens { get; }
    public OperatorApis Apis { get; }

    /// <summary>It has failed so often that it is left alone for a while.</summary>
    public bool IsLeftAlone => _calls.IsOpen;

    public ProviderStanding Standing => _calls.Standing;

    /// <summary>CAMARA Number Verification: does the connection that the access token stands for belong to this number?</summary>
    /// <param name="accessToken">Used up by this call, whatever its answer; so it is never made twice.</param>
    /// <param name="correlator">Returned in the operator's log and answer; nothing personal.</param>
    /// <exception cref="OperatorFailure">There is no answer, or none that says yes or no.</exception>
    public async Task<bool> IsNumberAsync(PhoneNumber number, Secret accessToken, string correlator, CancellationToken cancellationToken)
    {
        var answer = await _calls.SendAsync("verify", NewRequest, cancellationToken);
        if (answer.IsSuccess)
        {
            return answer.Json?.Flag("devicePhoneNumberVerified") ?? throw new OperatorFailure(Reasons.Unreadable) { IsOutage = true };
        }
        throw new OperatorFailure((answer.Status, answer.Json?.Text("code")) switch
        {
            (_, "NUMBER_VERIFICATION.USER_NOT_AUTHENTICATED_BY_MOBILE_NETWORK") => Reasons.NotOnMobileNetwork,
            (401, _) => Reasons.TokenRefused,
            (403, _) => Reasons.CheckRefused,
            (429, _) => Reasons.Failing,
            _ => Reasons.RequestRefused,
        });

        HttpRequestMessage NewRequest()
        {
            var request = new HttpRequestMessage(HttpMethod.Post, $"{Settings.Api}/number-verification/{Settings.ApiVersion}/verify")
            {
                Content = new ByteArrayContent(
                    JsonSerializer.SerializeToUtf8Bytes(new VerifyRequest(number.E164), CamaraJson.Wire.VerifyRequest))
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
                },
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken.Reveal());
            request.Headers.Add("x-correlator", correlator);
            return request;
        }
    }

    public void Dispose() => _calls.Dispose();
}

internal sealed record VerifyRequest(string PhoneNumber)
{
    public override string ToString() => "***";
}
