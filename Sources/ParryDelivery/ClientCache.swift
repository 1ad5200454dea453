import AsyncHTTPClient
import NIOConcurrencyHelpers
import NIOCore
import NIOSSL
import ParryDomain
import ParryWire

/// One HTTP client for each host and checked address, all on the shared event loops, because a client's
/// DNS override holds for the whole client. A host is resolved and checked anew after 60 seconds, and somewhat sooner
/// while it is in use, so that nothing waits for it.
final class ClientCache: Sendable {
    /// A client that connects to one address only; to any, through a proxy.
    struct Pinned: Sendable {
        let client: HTTPClient
        let address: IPAddress?
    }

    /// A look-up that is wanted. Each tenant has its own, so that none waits in another's line.
    private struct Question: Hashable {
        let target: WebhookTarget
        let tenant: PartnerID
    }

    private struct State {
        var known = KnownClients()
        var questions: [Question: Askers] = [:]
        var isShutDown = false
    }

    private let targets: WebhookTargets
    private let lookUps: HostLookUps
    private let proxy: OutboundProxy?
    private let clock: @Sendable () -> NIODeadline
    private let tls: TLSConfiguration
    private let state = NIOLockedValueBox(State())

    init(
        targets: WebhookTargets, trustRoots: [NIOSSLCertificate], proxy: OutboundProxy?,
        resolver: any HostResolving = HostResolver(),
        clock: @escaping @Sendable () -> NIODeadline = NIODeadline.now
    ) {
        self.clock = clock
        self.targets = targets
        self.proxy = proxy
        lookUps = HostLookUps(resolver)
        var tls = TLSConfiguration.makeClientConfiguration()
        // A receiver that hangs does not say goodbye either, and must not hold up the end.
        tls.shutdownTimeout = .seconds(1)
        if !trustRoots.isEmpty { tls.additionalTrustRoots = [.certificates(trustRoots)] }
        self.tls = tls
    }

    /// A client of a host that does not have to be looked up.
    func current(_ target: WebhookTarget) -> Pinned? {
        let now = clock()
        return state.withLockedValue { $0.known.fresh(target, at: now) }
    }

    /// A client that connects to an allowed address of the target. Of many that a tenant asks for at once one is looked up.
    ///
    /// - Parameters:
    ///   - tenant: In whose turn it is looked up, if it has to be.
    ///   - deadline: Until when to wait for that.
    /// - Throws: ``WebhookFailure``; a failure is remembered for some seconds.
    func client(
        for target: WebhookTarget, of tenant: PartnerID, until deadline: NIODeadline
    ) async throws(WebhookFailure) -> Pinned {
        let question = Question(target: target, tenant: tenant)
        let now = clock()
        let finding = state.withLockedValue { $0.known.find(target, at: now) }
        switch finding {
        case .client(let pinned, let isToBeRenewed):
            if isToBeRenewed { ask(question) }
            return pinned
        case .failure(let reason): throw reason
        case .unknown: return try await answer(to: question, until: deadline).get()
        }
    }

    /// Waits for a look-up.
    private func answer(to question: Question, until deadline: NIODeadline) async -> Askers.Answer {
        await withCheckedContinuation { continuation in
            let asker = Askers.Asker(continuation)
            ask(question, for: asker)
            asker.leave(at: deadline)
        }
    }

    /// Has a look-up made, unless one is under way.
    ///
    /// - Parameter asker: Who waits for it; nobody when what is known serves meanwhile.
    private func ask(_ question: Question, for asker: Askers.Asker? = nil) {
        let (isNew, isShutDown) = state.withLockedValue { state in
            guard !state.isShutDown else { return (false, true) }
            let isNew = state.questions[question] == nil
            state.questions[question, default: Askers()].add(asker)
            return (isNew, false)
        }
        if isShutDown { asker?.hear(.failure(.cancelled)) }
        guard isNew else { return }
        // The proxy looks it up.
        guard proxy == nil else { return resolved(question, .success(nil)) }
        if let address = IPAddress(literal: question.target.host) {
            return resolved(question, judged([address]))
        }
        lookUps.make(
            .init(
                target: question.target, isWanted: { self.isWanted(question) },
                then: { self.resolved(question, self.judged($0)) }),
            for: question.tenant)
    }

    /// Whether somebody waits for the answer; forgets the question otherwise.
    private func isWanted(_ question: Question) -> Bool {
        state.withLockedValue { state in
            guard state.questions[question]?.isEmpty ?? true else { return true }
            state.questions[question] = nil
            return false
        }
    }

    private func judged(_ addresses: [IPAddress]) -> Result<IPAddress?, WebhookFailure> {
        guard !addresses.isEmpty else { return .failure(.unknownHost) }
        guard let address = addresses.first(where: targets.allows) else {
            return .failure(.privateAddress)
        }
        return .success(address)
    }

    /// Keeps what a look-up came to and tells who waits for it.
    private func resolved(_ question: Question, _ found: Result<IPAddress?, WebhookFailure>) {
        let now = clock()
        // The first client waits for them, and nobody else is to.
        if case .success = found { _ = SystemRoots.shared }
        let (askers, answer, retired) = state.withLockedValue { state in
            let askers = state.questions.removeValue(forKey: question)
            guard !state.isShutDown else {
                return (askers, Askers.Answer.failure(.cancelled), [HTTPClient]())
            }
            let answer = state.known.keep(found, of: question.target, at: now) {
                makeClient(for: question.target, at: $0)
            }
            return (askers, answer, state.known.takeRetired(at: now))
        }
        askers?.hear(answer)
        for client in retired { let _: EventLoopFuture<Void> = client.shutdown() }
    }

    /// Closes every client; none is made any more, and nobody waits for one. Waits for connections that are being made.
    func shutDown() async {
        let (clients, questions) = state.withLockedValue { state in
            state.isShutDown = true
            defer { state.questions = [:] }
            return (state.known.takeAll(), state.questions)
        }
        for askers in questions.values { askers.hear(.failure(.cancelled)) }
        await withDiscardingTaskGroup { group in
            for client in clients { group.addTask { try? await client.shutdown() } }
        }
    }

    private func makeClient(for target: WebhookTarget, at address: IPAddress?) -> HTTPClient {
        var tls = tls
        tls.trustRoots = SystemRoots.shared
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow)
        if let address { configuration.dnsOverride = [target.host: address.text] }
        configuration.proxy = proxy?.configuration
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
        configuration.tracing.tracer = nil
        configuration.http1_1ConnectionDebugInitializer = WholeRequests.add(to:)
        configuration.timeout.connect = .seconds(Limits.webhookDeadlineSeconds)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit =
            Limits.sendsInFlightMax
        configuration.connectionPool.idleTimeout = .seconds(30)
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(
            eventLoopGroupProvider: .shared(HTTPClient.defaultEventLoopGroup),
            configuration: configuration)
    }
}
