import ParryClient
import ParryDatabase
import ParryWire

/// The production launch checklist, as far as it can be looked at without touching anything.
package struct LaunchCheck: Sendable {
    private let environment: PartnerEnvironment
    private let configuration: PartnerConfiguration
    private var client: ParryClient { environment.client }

    /// - Throws: ``PartnerError`` for a TEST environment.
    package init(
        _ environment: PartnerEnvironment, _ configuration: PartnerConfiguration
    ) throws {
        guard environment.settings.mode == .live else {
            throw PartnerError(
                "the launch checks are for LIVE, and \(environment.settings.name) is TEST; run acceptance without "
                    + "--launch there")
        }
        self.environment = environment
        self.configuration = configuration
    }

    /// Looks at everything.
    package func run() async throws -> AcceptanceReport {
        var report = AcceptanceReport(
            title: "Production launch checklist", environment: environment.settings.name,
            mode: environment.settings.mode.rawValue, url: environment.settings.url,
            startedAt: .now(), entries: [])
        let checks: [(String, @Sendable () async throws -> [String])] = [
            ("The production key works, is LIVE, and is none of TEST.", key),
            ("The production webhook secret is stored, and is none of TEST.", secret),
            ("The webhook endpoint is HTTPS and has the four events.", endpoint),
            ("Every customer has its organisation, merchants and feed.", records),
            ("The order history is sent, and has what alerts are matched by.", orders),
            ("Every enrolment is ENABLED before it counts as live.", enrolments),
            ("RDR rulesets are there where customers want exceptions.", rulesets),
            ("The daemon runs, and its inbox receives.", inbox),
            ("This machine's clock agrees with the platform's.", clock),
        ]
        for (text, check) in checks {
            do {
                report.entries.append(.init(text: text, isHeld: true, evidence: try await check()))
            } catch {
                report.entries.append(.init(text: text, isHeld: false, evidence: ["\(error)"]))
            }
        }
        return report
    }

    @Sendable private func key() async throws -> [String] {
        let key = try environment.settings.key()
        for test in configuration.environments where test.mode == .test {
            guard let other = try? test.key() else { continue }
            guard other.text != key.text else {
                throw PartnerError(
                    "\(environment.settings.name) and \(test.name) have the same key")
            }
        }
        guard let organisation = try await client.organisations.list().first() else {
            return [
                "\(key) is taken; the account has no organisation yet, so its mode is not known"
            ]
        }
        guard organisation.mode == .live else {
            throw PartnerError("the account is \(organisation.mode); use a key of the LIVE account")
        }
        return ["\(key) is taken, and the account is LIVE"]
    }

    @Sendable private func secret() async throws -> [String] {
        let secret = try environment.settings.webhookSecret()
        for test in configuration.environments where test.mode == .test {
            guard let other = try? test.webhookSecret() else { continue }
            guard other.text != secret.text else {
                throw PartnerError(
                    "\(environment.settings.name) and \(test.name) have the same webhook secret")
            }
        }
        return ["\(secret)"]
    }

    @Sendable private func endpoint() async throws -> [String] {
        let wanted: [EventType] = [
            .enrolmentCreated, .enrolmentUpdated, .alertCreated, .alertUpdated,
        ]
        do throws(ClientError) {
            for try await endpoint in client.webhookEndpoints.list()
            where endpoint.url.hasPrefix("https://") && endpoint.isPaused != true
                && wanted.allSatisfy({ type in endpoint.eventTypes.contains { $0 == type } })
            {
                return ["\(endpoint.id) at \(endpoint.url)"]
            }
        } catch {
            guard let status = error.refusal?.status, status == 403 || status == 404 else {
                throw error
            }
            return ["the platform does not show its endpoints to this key; look at the dashboard"]
        }
        throw PartnerError("no endpoint is HTTPS and has all four events; add one")
    }

    @Sendable private func records() async throws -> [String] {
        let mappings = try await environment.store.database.read { try MappingStore.all($0) }
        let customers = mappings.filter { $0.kind == .customer && $0.id != nil }
        guard !customers.isEmpty else {
            throw PartnerError("no customer is onboarded; run onboard")
        }
        for customer in customers {
            for kind in [MappingStore.Kind.merchant, .feed] {
                let isThere = mappings.contains {
                    $0.kind == kind && $0.id != nil && $0.name.hasPrefix(customer.name + "/")
                }
                guard isThere else {
                    throw PartnerError("\(customer.name) has no \(kind.rawValue); run onboard")
                }
            }
            guard let id = customer.id.flatMap({ OrganisationID.given($0) }) else { continue }
            guard try await client.organisations.get(id).mode == .live else {
                throw PartnerError("\(id) of \(customer.name) is not LIVE")
            }
        }
        return ["\(customers.count) customers, all of them LIVE at the platform"]
    }

    @Sendable private func orders() async throws -> [String] {
        let totals = try await environment.store.database.read { try FeedStore.totals($0) }
        guard totals.contains(where: { $0.1.accepted + $0.1.duplicates > 0 }) else {
            throw PartnerError("nothing was sent yet; run orders send")
        }
        return totals.map { feed, total in
            let sent = max(1, total.accepted)
            func share(_ lacking: Int64) -> Int64 { 100 - lacking * 100 / sent }
            return
                "\(feed): \(total.accepted) accepted, \(total.refused) refused, \(total.duplicates) "
                + "duplicates; with ARN \(share(total.lacksARN)) %, authorisation code "
                + "\(share(total.lacksAuthorisationCode)) %, BIN \(share(total.lacksBIN)) %"
        }
    }

    @Sendable private func enrolments() async throws -> [String] {
        var evidence: [String] = []
        var pending: [String] = []
        for try await enrolment in client.enrolments.list(pageSize: 1_000) {
            let ended: [EnrolmentStatus?] = [.cancelled, .unenrolled]
            if ended.contains(enrolment.status.known) { continue }
            let line = "\(enrolment.id) (\(enrolment.type)): \(enrolment.status)"
            if enrolment.status == .enabled { evidence.append(line) } else { pending.append(line) }
        }
        guard !evidence.isEmpty, pending.isEmpty else {
            throw PartnerError(
                evidence.isEmpty && pending.isEmpty
                    ? "there is no enrolment; run onboard"
                    : "not live: \(pending.joined(separator: "; "))")
        }
        return evidence
    }

    @Sendable private func rulesets() async throws -> [String] {
        var evidence: [String] = []
        do throws(ClientError) {
            for try await ruleset in client.rulesets.list(pageSize: 1_000) {
                let published = ruleset.publicationStatus.map { ", \($0)" } ?? ""
                evidence.append("\(ruleset.id): \(ruleset.rules.count) rules\(published)")
            }
        } catch {
            guard error.refusal?.status == 403 else { throw error }
            return ["the key may not read rulesets; look at the dashboard"]
        }
        return evidence.isEmpty ? ["none: every eligible RDR case is refunded"] : evidence
    }

    @Sendable private func inbox() async throws -> [String] {
        guard try FileLock.daemon(environment.settings) == nil else {
            throw PartnerError("no parry-partner serve runs on \(environment.settings.database)")
        }
        let health = try await environment.store.database.read { try InboxStore.health($0) }
        guard let last = health.lastReceivedAt else {
            throw PartnerError(
                "the daemon runs, and no webhook came yet; send a test event from the dashboard")
        }
        return ["\(health.events) events, the last one at \(last.iso8601)"]
    }

    @Sendable private func clock() async throws -> [String] {
        guard let offset = client.clockOffsetSeconds else {
            throw PartnerError("the platform's answers have no Date")
        }
        guard abs(offset) < 60 else {
            throw PartnerError(
                "the platform's clock is \(offset) s ahead; set this machine's clock")
        }
        return ["\(offset) s apart"]
    }
}
