namespace Countersign.Client.Testing;

/// <summary>
/// The unify flows of a <see cref="FakeCountersignClient"/>. A number keeps its identity, and each proven flow has a device of its own.
/// </summary>
public sealed class FakeUnify : IUnifyOperations
{
    private readonly FakeJournal _journal;
    private readonly Gate _gate = new();
    private readonly Dictionary<string, string> _identities = new(StringComparer.Ordinal);
    private readonly HashSet<string> _devices = new(StringComparer.Ordinal);

    internal FakeUnify(FakeJournal journal) => _journal = journal;

    /// <inheritdoc/>
    public Task<UnifyResponse> StartAsync(
        UnifyRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return FakeAnswer.From(Start, cancellationToken);

        UnifyResponse Start()
        {
            var call = new FakeCall { Method = "Unify.StartAsync", Request = request, Options = options };
            var flow = _journal.Begin(call, FakeFlowKind.Unify, flow => flow with
            {
                FlowType = request.FlowType,
                PhoneNumber = request.PhoneNumber,
                ProveId = request.ProveId,
                ClientHumanId = request.ClientHumanId,
                ClientRequestId = request.ClientRequestId,
            });
            return new UnifyResponse
            {
                AuthToken = "fake-auth-token",
                CorrelationId = flow.CorrelationId,
                Outcome = UnifyOutcome.Pending,
            };
        }
    }

    /// <inheritdoc/>
    public Task<UnifyStatusResponse> GetStatusAsync(string correlationId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(correlationId);
        return FakeAnswer.From(Ask, cancellationToken);

        UnifyStatusResponse Ask()
        {
            var call = new FakeCall { Method = "Unify.GetStatusAsync", CorrelationId = correlationId };
            var flow = _journal.Receive(call, FakeFlowKind.Unify);
            return flow.Outcome == VerificationOutcome.Expired ? throw FakeJournal.UnknownFlow(correlationId) : Status(flow);
        }
    }

    /// <summary>
    /// Returns at once when the flow has an outcome or wants your own check, else when <see cref="FakeCountersignClient.Decide"/> gives it
    /// an outcome. Never by time.
    /// </summary>
    /// <inheritdoc/>
    public async Task<UnifyStatusResponse> WaitForResultAsync(
        string correlationId, WaitForResultOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(correlationId);
        WaitForResultOptions.ThrowIfInvalid(options ?? new WaitForResultOptions());

        var call = new FakeCall { Method = "Unify.WaitForResultAsync", CorrelationId = correlationId };
        return Status(
            await _journal.WaitAsync(call, FakeFlowKind.Unify, flow => Outcome(flow) != UnifyOutcome.Pending, cancellationToken)
                .ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public Task<UnifyStatusResponse> BindAsync(UnifyBindRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return FakeAnswer.From(Bind, cancellationToken);

        UnifyStatusResponse Bind()
        {
            var call = new FakeCall { Method = "Unify.BindAsync", CorrelationId = request.CorrelationId, Request = request };
            var flow = _journal.Receive(
                call,
                FakeFlowKind.Unify,
                flow => flow.Outcome == VerificationOutcome.Expired ? throw FakeJournal.UnknownFlow(flow.CorrelationId)
                    : Outcome(flow) != UnifyOutcome.PossessionRequired ? throw FakeJournal.StepNotAllowed(flow.CorrelationId)
                    : flow.PhoneNumber is not null && flow.PhoneNumber != request.PhoneNumber
                        ? throw FakeJournal.InvalidRequest("field 'phoneNumber' is invalid: not the flow's number", flow.CorrelationId)
                    : flow with { IsBound = true, PhoneNumber = request.PhoneNumber });
            return Status(flow with { IsBound = true, PhoneNumber = request.PhoneNumber });
        }
    }

    /// <inheritdoc/>
    public Task<ChangeResponse> RevokeDeviceAsync(RevokeDeviceRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return FakeAnswer.From(Revoke, cancellationToken);

        ChangeResponse Revoke()
        {
            _journal.Receive(new FakeCall { Method = "Unify.RevokeDeviceAsync", Request = request });
            lock (_gate)
            {
                return _devices.Contains(request.DeviceId) ? new ChangeResponse { Succeeded = true } : throw FakeJournal.NotFound();
            }
        }
    }

    void IUnifyOperations.OnlyTheSdkImplementsThis()
    {
    }

    private UnifyStatusResponse Status(FakeFlow flow)
    {
        var outcome = Outcome(flow);
        var isTrue = outcome == UnifyOutcome.True;
        return new UnifyStatusResponse
        {
            CorrelationId = flow.CorrelationId,
            Outcome = outcome,
            PhoneNumber = flow.PhoneNumber,
            ProveId = isTrue ? IdentityOf(flow) : null,
            DeviceId = isTrue && flow.FlowType != FlowType.Desktop ? DeviceOf(flow) : null,
            ClientHumanId = flow.ClientHumanId,
            ClientRequestId = flow.ClientRequestId,
        };
    }

    private static UnifyOutcome Outcome(FakeFlow flow) =>
        flow.FlowType == FlowType.None && !flow.IsBound && flow.Outcome != VerificationOutcome.Expired
            ? UnifyOutcome.PossessionRequired
            : new UnifyOutcome(flow.Outcome.Value);

    private string IdentityOf(FakeFlow flow)
    {
        if (flow.ProveId is { } given)
        {
            return given;
        }

        lock (_gate)
        {
            var number = flow.PhoneNumber ?? "";
            if (!_identities.TryGetValue(number, out var proveId))
            {
                proveId = _journal.TakeId();
                _identities[number] = proveId;
            }

            return proveId;
        }
    }

    private string DeviceOf(FakeFlow flow)
    {
        var deviceId = $"device-of-{flow.CorrelationId}";
        lock (_gate)
        {
            _devices.Add(deviceId);
        }

        return deviceId;
    }
}
