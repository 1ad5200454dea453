package import ParryDatabase
package import ParryDomain
import ParryMatching
import ParryStore
package import ParryWire

// Who acts: a network pushes alerts, the ingress gives each to `receive`. Each is one transaction: the raw
// message, the alert, how it was matched and judged, its event, and what the network is to be told.
//
// What a crash leaves: nothing of an alert, or all of it. The network pushes again what was not acknowledged,
// and a message that is kept already changes nothing.

/// Takes in what the card networks send.
package struct NetworkIntake: Sendable {
    let database: any Database
    let wake: Wake

    /// - Parameter wake: Tells that events were written, and that a network is to be told something.
    package init(database: any Database, wake: Wake) {
        self.database = database
        self.wake = wake
    }

    /// What became of a message.
    package enum Fate: Sendable, Hashable {
        case raised(AlertID)
        /// It was taken in before.
        case known
        /// No enrolment has, or had, such a descriptor: it is kept, and the network is told.
        case unrouted
    }

    /// Takes in one Ethoca alert; returns once it is durable.
    ///
    /// - Parameter body: The message as it came.
    package func receive(
        _ alert: NetworkAlert, body: [UInt8], mode: AccountMode, now: Timestamp
    ) async throws -> Fate {
        let key = NetworkMessageStore.Key(
            mode: mode, network: .ethoca, kind: .alert, networkID: alert.networkID)
        let fate = try await database.write { tx -> Fate in
            guard let message = try NetworkMessageStore.insert(key, body: body, receivedAt: now, tx)
            else { return .known }
            let raised = try Self.raise(alert, mode: mode, now: now, tx)
            try NetworkMessageStore.settle(message, key, subject: raised?.id.text, tx)
            guard let raised else {
                try OutcomeQueue(mode: mode, now: now).tell(
                    alert.notFound(now), about: message.text, slot: message.slot, tx)
                return .unrouted
            }
            return .raised(raised.id)
        }
        if fate != .known { wake() }
        return fate
    }

    /// Routes, matches, judges and stores an alert; nil when it belongs to no enrolment.
    private static func raise(
        _ alert: NetworkAlert, mode: AccountMode, now: Timestamp, _ tx: any WriteTransaction
    ) throws -> Alert? {
        guard let route = try route(alert, mode: mode, tx),
            let tenant = try OrganisationStore.tenant(route.enrolment.organisationID, tx),
            let merchant = route.enrolment.merchantIDs.first
        else { return nil }
        let moment = try OrganisationStore.moment(
            now, in: route.enrolment.organisationID, mode, tx)
        let alert = alert.shown(at: moment)
        let judgement = AlertJudgement(
            enrolment: route.enrolment, isLive: route.isLive, settings: tenant.settings)
        let match = try judgement.match(alert, tx)
        let fresh = Alert.raised(
            alert,
            through: AlertSource(
                id: route.enrolment.id, organisationID: route.enrolment.organisationID,
                merchantID: match.merchant ?? merchant, type: route.enrolment.type),
            deadline: Alert.deadline(
                of: alert, receivedAt: moment.shown,
                windowHours: tenant.settings.alertWindowHours),
            state: match.state, now: moment)
        let judged = judgement.judge(
            fresh, alert, match,
            original: try AlertStore.original(of: fresh, isSimulated: false, tx),
            now: moment.shown)
        return try AlertRaising(tenant: tenant, now: moment).raise(judged, tx)
    }

    private static func route(
        _ alert: NetworkAlert, mode: AccountMode, _ tx: any ReadTransaction
    ) throws -> AlertRoute? {
        guard let descriptor = alert.transaction.statementDescriptor else { return nil }
        let keys = StatementDescriptor.keys(ofStatement: descriptor)
        let ids = try EnrolmentIdentifierStore.enrolments(
            of: StatementDescriptor.beginnings(of: keys), type: .ethocaAlert, mode: mode, tx)
        let known = try EnrolmentStore.named(ids, lock: .share, tx)
        let route = AlertRoute(descriptor: descriptor, among: known)
        if let route, route.isLive { return route }
        // Who had the descriptor once does not take the alerts of who has it now.
        let cut = try keys.filter { $0.count >= Limits.descriptorCutMin }.flatMap {
            try EnrolmentIdentifierStore.enrolments(
                beginningWith: $0, type: .ethocaAlert, mode: mode, tx)
        }
        let candidates = try EnrolmentStore.named(Array(Set(cut)), lock: .share, tx)
        let live = candidates.filter { $0.status == .enabled }
        return AlertRoute(cut: descriptor, among: live) ?? route
            ?? AlertRoute(cut: descriptor, among: candidates)
    }
}

extension NetworkAlert {
    /// What the network is told of an alert that belongs to nobody.
    fileprivate func notFound(_ now: Timestamp) -> NetworkOutcome {
        NetworkOutcome(
            networkID: networkID, category: category, reason: .notFound,
            amount: transaction.amount, currency: transaction.currency, decidedAt: now,
            comments: nil)
    }
}
