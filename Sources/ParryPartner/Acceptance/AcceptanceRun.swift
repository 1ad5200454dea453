import ParryClient
import ParryDatabase
import ParryWire

/// Runs the guide's sandbox acceptance checklist against a TEST account: in an organisation of its own, with
/// evidence for every line. The daemon receives the webhooks; where none runs, the run receives them itself.
package struct AcceptanceRun: Sendable {
    let environment: PartnerEnvironment
    /// All environments of the configuration, for what TEST and LIVE must not share.
    let configuration: PartnerConfiguration
    let startedAt = Timestamp.now()
    /// How long to wait for a webhook, in seconds.
    let patienceSeconds: Int64
    var made = Made()

    /// What the run made so far.
    struct Made: Sendable {
        var organisation: Organisation?
        var merchant: Merchant?
        var integration: Integration?
        var ethoca: Enrolment?
        var rdr: Enrolment?
        var order: UploadedOrder?
        var alerts: [Alert] = []
    }

    var client: ParryClient { environment.client }

    /// - Throws: ``PartnerError`` for a LIVE environment: it makes things.
    package init(
        _ environment: PartnerEnvironment, _ configuration: PartnerConfiguration,
        patienceSeconds: Int64
    ) throws {
        guard environment.settings.mode == .test else {
            throw PartnerError(
                "the acceptance run makes things, so it runs in TEST only; for \(environment.settings.name) use "
                    + "acceptance --launch, which touches nothing")
        }
        self.environment = environment
        self.configuration = configuration
        self.patienceSeconds = patienceSeconds
    }

    /// Goes through the list; one that fails does not keep the others from being tried.
    ///
    /// - Parameter show: Told of each line as it is known.
    package func run(
        show: @escaping @Sendable (AcceptanceReport.Entry) -> Void
    ) async throws -> AcceptanceReport {
        let lock =
            environment.settings.receiver == nil
            ? nil : try FileLock.daemon(environment.settings)
        defer { withExtendedLifetime(lock) {} }
        // Another process has the lock: the daemon receives.
        guard lock != nil else {
            var run = self
            return try await run.goThrough(show)
        }
        return try await PartnerDaemon(environment).receive {
            var run = self
            return try await run.goThrough(show)
        }
    }

    private mutating func goThrough(
        _ show: @Sendable (AcceptanceReport.Entry) -> Void
    ) async throws -> AcceptanceReport {
        var found: [AcceptanceItem: AcceptanceReport.Entry] = [:]
        for item in AcceptanceItem.sequence {
            let entry = try await entry(item)
            found[item] = entry
            show(entry)
        }
        return AcceptanceReport(
            title: "Sandbox acceptance checklist", environment: environment.settings.name,
            mode: environment.settings.mode.rawValue, url: environment.settings.url,
            startedAt: startedAt, entries: AcceptanceItem.allCases.compactMap { found[$0] })
    }

    private mutating func entry(_ item: AcceptanceItem) async throws -> AcceptanceReport.Entry {
        do {
            return AcceptanceReport.Entry(
                text: item.rawValue, isHeld: true, evidence: try await check(item))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return AcceptanceReport.Entry(
                text: item.rawValue, isHeld: false, evidence: ["\(error)"])
        }
    }

    private mutating func check(_ item: AcceptanceItem) async throws -> [String] {
        switch item {
        case .keyIsStored: try keyIsStored()
        case .webhooksArrive: try await webhooksArrive()
        case .webhooksAreIdempotent: try await webhooksAreIdempotent()
        case .errorsAreHandled: try await errorsAreHandled()
        case .organisation: try await makeOrganisation()
        case .merchant: try await makeMerchant()
        case .integration: try await makeIntegration()
        case .ethocaEnrolment: try await enrolEthoca()
        case .rdrEnrolment: try await enrolRDR()
        case .enrolmentIsEnabled: try await enableEnrolments()
        case .liveOnlyWhenEnabled: try await liveOnlyWhenEnabled()
        case .order: try await sendOrder()
        case .orderUpdate: try await updateOrder()
        case .alert: try await simulateAlerts()
        case .refund: try await act(.refund, onAlert: 0, outcome: .refunded)
        case .acceptDispute: try await act(.acceptDispute, onAlert: 1, outcome: .notRefunded)
        case .ruleset: try await makeRuleset()
        case .deadlineIsShown: try await deadlineIsShown()
        case .noTestIDsInLive: try await noTestIDsInLive()
        }
    }

    /// What an item needs of an earlier one.
    func need<Value>(_ value: Value?, _ what: String) throws -> Value {
        guard let value else { throw PartnerError("not tried: there is no \(what)") }
        return value
    }

    /// Waits for what the inbox, or what is worked off from it, has to show.
    ///
    /// - Returns: nil when it did not come in time.
    func wait<Value: Sendable>(
        for look: @escaping @Sendable (any ReadTransaction) throws -> Value?
    ) async throws -> Value? {
        let end = ContinuousClock().now.advanced(by: .seconds(patienceSeconds))
        while true {
            if let found = try await environment.store.database.read(look) { return found }
            guard ContinuousClock().now < end else { return nil }
            try await ContinuousClock().sleep(for: .milliseconds(100))
        }
    }

    /// Waits for an event about an object.
    func event(_ type: EventType, about object: String) async throws -> String {
        let since = startedAt
        let found = try await wait {
            try InboxStore.received(type.rawValue, about: object, since: since, $0).first
        }
        guard let found else {
            throw PartnerError(
                "no verified \(type.rawValue) about \(object) came within \(patienceSeconds) s; see that the webhook "
                    + "endpoint's URL leads to this receiver, that it has the event, and that the secret is its own"
            )
        }
        return found
    }
}
