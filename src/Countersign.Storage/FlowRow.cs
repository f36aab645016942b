using System.Data.Common;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>A row of <c>flows</c>, and what a flow is found by. Names and hashes are for ever.</summary>
internal static class FlowRow
{
    public static string PlaceOf(CorrelationId id) => $"flows.state:{id}";

    // The row has the version in clear: an older state put back beside it does not open.
    public static byte[] Seal(Flow flow, long version, Sealer sealer) =>
        sealer.Seal(JsonSerializer.SerializeToUtf8Bytes(flow, StoredJson.Default.Flow), PlaceOf(flow.Id), version);

    /// <summary>Reads id, version and state.</summary>
    public static Flow Read(DbDataReader row, Sealer sealer)
    {
        var place = PlaceOf(CorrelationId.FromBytes(row.GetFieldValue<byte[]>(0)));
        var version = row.GetInt64(1);
        var flow = JsonSerializer.Deserialize(sealer.Open(row.GetFieldValue<byte[]>(2), place, version), StoredJson.Default.Flow)!;
        return flow with { Version = version };
    }

    public static byte[] HashOf(FlowSearch search, SecretHasher hasher) => (search switch
    {
        FlowSearch.ByClientRequest request => hasher.Hash("flow-client-request", new Secret(request.Id)),
        FlowSearch.ByClientCustomer customer => hasher.Hash("flow-client-customer", new Secret(customer.Id)),
        FlowSearch.ByNumber number => hasher.Hash("flow-number", new Secret(number.Number.E164)),
        _ => throw new ArgumentOutOfRangeException(nameof(search)),
    }).ToBytes();
}
