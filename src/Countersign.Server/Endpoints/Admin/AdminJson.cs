using System.Text.Json.Serialization;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>The admin API's answers.</summary>
[JsonSerializable(typeof(ServerResponse))]
[JsonSerializable(typeof(DoctorResponse))]
[JsonSerializable(typeof(StatisticsResponse))]
[JsonSerializable(typeof(ProjectListResponse))]
[JsonSerializable(typeof(ProjectResponse))]
[JsonSerializable(typeof(ClientListResponse))]
[JsonSerializable(typeof(ClientSecretResponse))]
[JsonSerializable(typeof(AdminKeyListResponse))]
[JsonSerializable(typeof(AdminKeySecretResponse))]
[JsonSerializable(typeof(EncryptionKeyListResponse))]
[JsonSerializable(typeof(EncryptionKeyMadeResponse))]
[JsonSerializable(typeof(CapListResponse))]
[JsonSerializable(typeof(FlowResponse))]
[JsonSerializable(typeof(FlowListResponse))]
[JsonSerializable(typeof(SuppressionListResponse))]
[JsonSerializable(typeof(DeviceListResponse))]
[JsonSerializable(typeof(RevokeDevicesResponse))]
[JsonSerializable(typeof(LiftSuppressionsResponse))]
[JsonSerializable(typeof(BudgetResponse))]
[JsonSerializable(typeof(AbuseListResponse))]
[JsonSerializable(typeof(AbuseView))]
[JsonSerializable(typeof(BacktestResponse))]
[JsonSerializable(typeof(WebhookListResponse))]
[JsonSerializable(typeof(WebhookResponse))]
[JsonSerializable(typeof(WebhookSecretResponse))]
[JsonSerializable(typeof(WebhookTestResponse))]
[JsonSerializable(typeof(WebhookReplayResponse))]
[JsonSerializable(typeof(ErasureResponse))]
[JsonSerializable(typeof(LostResponse))]
[JsonSerializable(typeof(PersonResponse))]
internal sealed partial class AdminJson : JsonSerializerContext
{
    public static AdminJson Answers { get; } = new(HttpJson.NewOptions());
}
