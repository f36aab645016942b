using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Assurance;
using Countersign.Core.Audit;
using Countersign.Core.Backtesting;
using Countersign.Core.Devices;
using Countersign.Core.Domains;
using Countersign.Core.Enrolments;
using Countersign.Core.Erasure;
using Countersign.Core.Events;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Limits;
using Countersign.Core.Money;
using Countersign.Core.Possession;
using Countersign.Core.Possession.DeviceKey;
using Countersign.Core.Possession.InstantLink;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Core.Possession.Otp;
using Countersign.Core.PreFill.Calls;
using Countersign.Core.Projects;
using Countersign.Core.Pumping;
using Countersign.Core.Scenarios;
using Countersign.Core.Texts;
using Countersign.Core.Unify;
using Countersign.Core.Unify.Calls;
using Countersign.Core.VerifiedUser.Calls;
using Countersign.Providers;
using Countersign.Providers.Live;
using Countersign.Server.Endpoints;
using Countersign.Server.Endpoints.Admin;
using Countersign.Server.Endpoints.Gateways;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.Sandbox;
using Countersign.Server.Security;
using Countersign.Server.Security.WebAuthn;
using Countersign.Storage;

namespace Countersign.Server.Hosting;

/// <summary>Who is who behind the ports: read it as a table of contents.</summary>
internal static class Composition
{
    public static IServiceCollection AddCountersign(this IServiceCollection services, Settings settings) => services
        .AddSingleton(settings)
        .AddSingleton(settings.Server)
        .AddSingleton(settings.Possession)
        .AddSingleton(settings.Keys)
        .AddSingleton(settings.Sandbox)
        .AddSingleton(settings.BrowserLimits)
        .AddSingleton(settings.Stricter)
        .AddSingleton(settings.Guesses)
        .AddSingleton(new RecordPrivacy(isKept: settings.Server.Mode == Mode.Live))
        .AddSingleton(new ProjectPermissions(areKept: settings.Server.Mode == Mode.Live))
        .AddStorage(settings.Storage, settings.KeyStore, settings.Keys.Store, keepsTexts: settings.Server.Mode == Mode.Sandbox)
        .AddClocks()
        .AddAudit(settings.Audit)
        .AddLimits(settings.Budget, settings.TextLimits)
        .AddCaps(settings.Prices, settings.Caps.ToCaps())
        .AddPumping(settings.Pumping)
        .AddFlows()
        .AddCallers(settings.TrustedProxies, settings.SandboxHosts, settings.ErrorCodes)
        .AddRelyingParty(settings.RequestRate)
        .AddDeviceKeys(settings.DeviceKeys)
        .AddOneCall()
        .AddUnify()
        .AddPreFill()
        .AddIdentities()
        .AddProjectRules(settings.ProjectRules)
        .AddHistory(settings.History)
        .AddEvents(settings.Events)
        .AddErasure()
        .AddRecords(settings.Records)
        .AddProviders(
            new ProviderOptions
            {
                Mode = settings.Server.Mode,
                Countries = settings.Countries.Countries,
                TextRoutes = settings.TextRoutes.TextRoutes,
                Gateways = settings.Gateways,
                IdentitySources = settings.IdentityChain.IdentitySources,
                RiskSources = settings.RiskSources.RiskSources,
                Operators = settings.Operators.Operators,
                GeoTable = settings.Geography.GeoTable,
                Receivers = settings.Events.ReceiversIn(settings.Server.Mode),
                ReceiverNetworks = [.. settings.Events.Networks.Select(text => TrustedProxiesOptions.ReadNetwork(text)!.Value)],
            })
        .AddTexts()
        .AddInboundTexts(settings.Help, settings.Countries)
        .AddEndpoints(settings.Server, settings.Admin)
        .AddHosting();

    private static IServiceCollection AddAudit(this IServiceCollection services, AuditOptions options) => services
        .AddSingleton(options)
        .AddSingleton<IAuditJournal, AuditLog>()
        .AddSingleton<AuditWriter>()
        .AddSingleton<AuditChainer>()
        .AddHostedService<AuditUpkeep>();

    private static IServiceCollection AddLimits(this IServiceCollection services, BudgetOptions budget, TextLimitOptions texts) => services
        .AddSingleton(budget)
        .AddSingleton(texts)
        .AddSingleton<CounterKeys>()
        .AddSingleton<GuessLimits>()
        .AddSingleton<TextLimits>()
        .AddSingleton<LeasedCounters>()
        .AddSingleton<TextSourceLimits>()
        .AddSingleton<EntryLimits>()
        .AddSingleton<NameLimits>()
        .AddSingleton<LineBudgets>()
        .AddSingleton<IMobileNetworks>(provider => provider.GetRequiredService<INumberVerifier>())
        .AddSingleton<StartLimits>();

    private static IServiceCollection AddCaps(this IServiceCollection services, PriceList? prices, Caps? ofServer) => services
        .AddSingleton<IProjectCaps, ProjectCaps>()
        .AddSingleton<ICapJournal, CapLog>()
        .AddSingleton<CapAlerts>()
        .AddSingleton(new ServerCaps(prices, ofServer))
        .AddSingleton<TextCaps>();

    private static IServiceCollection AddPumping(this IServiceCollection services, PumpingOptions options) => services
        .AddSingleton(options)
        .AddSingleton<PumpingKeys>()
        .AddSingleton<PumpingTraffic>()
        .AddSingleton<IPumpingJournal, PumpingLog>()
        .AddSingleton<PumpingGuard>()
        .AddSingleton<Backtester>()
        .AddSingleton<IRuleSettings, RuleSettings>()
        .AddHostedService<TrafficFlush>();

    private static IServiceCollection AddFlows(this IServiceCollection services) => services
        .AddSingleton(provider => new PublicAddress(() => ListeningAddress.Of(provider)))
        .AddSingleton<IFlowJournal, FlowLog>()
        .AddSingleton<FlowChecks>()
        .AddSingleton(provider => new FlowGates(Clocks.OfMachine(provider)))
        .AddSingleton(provider => provider.GetRequiredService<FlowGates>().Turns)
        .AddSingleton<DeviceNotices>()
        .AddSingleton<FlowRunner>()
        .AddSingleton<FlowStarter>()
        .AddSingleton<IdentityBinder>()
        .AddSingleton<NumberSuccession>()
        .AddSingleton<NumberChange>()
        .AddSingleton<MobileAuthMethod>()
        .AddSingleton<MobileAuthCalls>()
        .AddSingleton<OtpMethod>()
        .AddSingleton<InstantLinkMethod>()
        .AddSingleton<LinkCalls>();

    /// <summary>Who calls, by which name, and what is said to somebody of no project.</summary>
    private static IServiceCollection AddCallers(
        this IServiceCollection services, TrustedProxiesOptions proxies, SandboxHostsOptions hosts, ErrorCodeOptions errorCodes) => services
        .AddSingleton(proxies)
        .AddSingleton(hosts)
        .AddSingleton(errorCodes);

    private static IServiceCollection AddRelyingParty(this IServiceCollection services, RequestRateOptions options) => services
        .AddSingleton(options)
        .AddSingleton<SigningKeys>()
        .AddSingleton<Tokens>()
        .AddSingleton<ReceiptSigner>()
        .AddSingleton<ProjectDirectory>()
        .AddSingleton<ApiClients>()
        .AddSingleton<RevokedTokens>()
        .AddSingleton<ProjectChanges>()
        .AddSingleton<AdminKeyDirectory>()
        .AddSingleton<AdminKeyChanges>()
        .AddSingleton<VerifyStarter>()
        .AddSingleton<VerifyResults>();

    private static IServiceCollection AddDeviceKeys(this IServiceCollection services, DeviceKeyOptions options) => services
        .AddSingleton(options)
        .AddSingleton<DeviceKeyMethod>()
        .AddSingleton<IPasskeyCeremony, PasskeyCeremony>()
        .AddSingleton<IPasskeyJournal, PasskeyLog>()
        .AddSingleton<DeviceKeyCalls>()
        .AddSingleton<PasskeyCalls>()
        .AddSingleton<DeviceChallenges>();

    private static IServiceCollection AddOneCall(this IServiceCollection services) => services
        .AddSingleton<OneCallVerification>()
        .AddSingleton<OneCallBatch>();

    private static IServiceCollection AddUnify(this IServiceCollection services) => services
        .AddSingleton<UnifyStarter>()
        .AddSingleton<OwnCheck>();

    private static IServiceCollection AddPreFill(this IServiceCollection services) => services
        .AddSingleton<PreFillStarter>()
        .AddSingleton<PreFillCalls>();

    private static IServiceCollection AddIdentities(this IServiceCollection services) => services
        .AddSingleton<IIdentityJournal, IdentityLog>()
        .AddSingleton<ILinkJournal, LinkLog>()
        .AddSingleton<Enrolment>()
        .AddSingleton<PersonDevices>()
        .AddSingleton<LinkedIdentities>()
        .AddSingleton<DomainLinks>();

    private static IServiceCollection AddProjectRules(this IServiceCollection services, ProjectRules rules) => services
        // The address by which the server calls itself may be known when it listens, and not before.
        .AddSingleton(provider => rules with
        {
            PublicOrigin = provider.GetRequiredService<PublicAddress>().Origin,
            Caps = rules.Caps with { Gateways = [.. provider.GetRequiredService<ITextGateways>().Names.Select(name => name.ToString())] },
        });

    private static IServiceCollection AddHistory(this IServiceCollection services, HistoryOptions options) => services
        .AddSingleton(options)
        .AddSingleton<FlowHistory>()
        .AddSingleton<CallHistory>()
        .AddHostedService<CallHistoryWriter>()
        .AddSingleton<FlowFinder>()
        .AddSingleton<FlowStatistics>()
        .AddSingleton<FlowCancelling>()
        .AddSingleton<IScenarioStage, ScenarioStage>()
        .AddSingleton<ReceiptSubjects>()
        .AddSingleton<FlowUpkeep>();

    private static IServiceCollection AddEvents(this IServiceCollection services, EventOptions options) => services
        .AddSingleton(options)
        .AddSingleton<IWebhookJournal, WebhookLog>()
        .AddSingleton<WebhookDeliverer>()
        .AddSingleton<WebhookChanges>()
        .AddHostedService<DueEvents>();

    private static IServiceCollection AddErasure(this IServiceCollection services) => services
        .AddSingleton(provider => ErasureOptions.Of(Clocks.OfMachine(provider)))
        .AddSingleton<Eraser>()
        .AddSingleton<PersonExport>()
        .AddSingleton<ErasureSigner>();

    /// <summary>In both modes: a sandbox takes imports too, though its test users answer.</summary>
    private static IServiceCollection AddRecords(this IServiceCollection services, RecordOptions options) => services
        .AddSingleton(options)
        .AddSingleton<RecordImports>()
        .AddSingleton<RecordUpkeep>()
        .AddHostedService(provider => provider.GetRequiredService<RecordUpkeep>());

    private static IServiceCollection AddTexts(this IServiceCollection services) => services
        .AddSingleton<IReceiptTokens, ReceiptTokens>()
        .AddSingleton<ITextJournal, TextLog>()
        .AddSingleton<ITextPauses, RandomTextPauses>()
        .AddSingleton<TextDispatcher>()
        .AddSingleton<ITextReceipts>(provider => provider.GetRequiredService<FlowRunner>())
        .AddSingleton<DueTexts>()
        .AddHostedService(provider => provider.GetRequiredService<DueTexts>());

    /// <summary>What persons write, and the answer to HELP.</summary>
    private static IServiceCollection AddInboundTexts(
        this IServiceCollection services, HelpOptions help, CountryOptions countries) => services
        .AddSingleton(new InboundTextOptions(help.HelpText, countries.Countries))
        .AddSingleton<IInboundJournal, InboundLog>()
        .AddSingleton<HelpReplyLimiter>()
        .AddSingleton<InboundTexts>();

    private static IServiceCollection AddHosting(this IServiceCollection services) => services
        .AddLogRedaction()
        // Beyond the store's own limits nothing that hangs gets better by waiting: the host's default is half a minute.
        .Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10))
        .AddSingleton(_ => new Banner(Console.Out))
        .AddSingleton<FailureLog>()
        .AddSingleton<IFailureLog>(provider => provider.GetRequiredService<FailureLog>())
        .AddHostedService<FailureSummary>()
        .AddSingleton<DueFlows>()
        .AddSingleton<IDueWork>(provider => provider.GetRequiredService<DueTexts>())
        .AddSingleton<IDueWork>(provider => provider.GetRequiredService<DueFlows>())
        .AddHostedService(provider => provider.GetRequiredService<DueFlows>())
        .AddHostedService<Cleaner>();
}
