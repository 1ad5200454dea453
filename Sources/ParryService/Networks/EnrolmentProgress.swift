import ParryDatabase
import ParryDomain
import ParryStore
import ParryWire

/// What becomes of enrolments at the networks; each change commits with its event.
struct EnrolmentProgress {
    let mode: AccountMode
    /// The real time: networks are asked by it.
    let now: Timestamp

    /// Asks the network to enrol, after it has let go of what it enrolled for this enrolment before.
    ///
    /// - Parameter merchantName: The first merchant's.
    func ask(
        for enrolment: Enrolment, merchantName: String, _ tx: any WriteTransaction
    ) throws {
        try leave(enrolment.id, tx)
        try NetworkRequestStore.insert(
            [
                NetworkRequestStore.New(
                    network: enrolment.type.network, kind: .enrol, subjectID: enrolment.id.text,
                    slot: enrolment.id.slot, payload: enrolment.requestPayload(merchantName))
            ], mode: mode, now: now, tx)
    }

    /// Takes the request back where it was not sent, and ends the enrolment at the network where it was.
    func end(_ enrolment: EnrolmentID, _ tx: any WriteTransaction) throws {
        _ = try NetworkRequestStore.cancel(.enrol, about: enrolment.text, now: now, tx)
        try leave(enrolment, tx)
    }

    /// Ends at the network what it enrolled for us and was not asked to end yet.
    private func leave(_ enrolment: EnrolmentID, _ tx: any WriteTransaction) throws {
        for (networkID, network) in try Self.networkIDs(of: enrolment, tx) {
            try unenrol(enrolment, networkID, from: network, tx)
        }
    }

    /// By what networks know an enrolment that were not asked to end it, the oldest first.
    static func networkIDs(
        of enrolment: EnrolmentID, _ tx: any ReadTransaction
    ) throws -> [(id: String, network: CardNetwork)] {
        let requests = try NetworkRequestStore.enrolling(enrolment, tx)
        let left = requests.filter { $0.kind == .unenrol }.map(\.payload)
        return requests.compactMap { request in
            guard request.kind == .enrol, let id = request.networkID,
                !left.contains(where: { $0.contains("\"\(id)\"") })
            else { return nil }
            return (id, request.network)
        }
    }

    private func unenrol(
        _ enrolment: EnrolmentID, _ networkID: String, from network: CardNetwork,
        _ tx: any WriteTransaction
    ) throws {
        var json = JSONWriter()
        json.beginObject()
        json.field("enrolment_network_id", networkID)
        json.endObject()
        try NetworkRequestStore.insert(
            [
                NetworkRequestStore.New(
                    network: network, kind: .unenrol, subjectID: enrolment.text,
                    slot: enrolment.slot,
                    payload: String(decoding: json.bytes, as: UTF8.self))
            ], mode: mode, now: now, tx)
    }

    /// The network answered the request itself.
    func submitted(
        _ request: ClaimedNetworkRequest, _ answer: NetworkAnswer, _ tx: any WriteTransaction
    ) throws {
        let id = EnrolmentID(stored: request.subjectID)
        try change(id, tx) { enrolment, now in
            switch answer {
            case .taken: enrolment.submitted(now: now)
            case .recoverable: break
            case .final(let reason): enrolment.refused(reason, now: now)
            }
        }
        guard case .taken(let networkID?) = answer,
            let enrolment = try EnrolmentStore.named([id], lock: .update, tx).first
        else { return }
        if enrolment.status.hasEnded {
            // It was cancelled while the request was on its way.
            try unenrol(id, networkID, from: enrolment.type.network, tx)
        } else if enrolment.status == .enabled {
            // The network told that it is enabled before it answered the request.
            try RulesetPublishing(mode: mode, now: now).enabled(enrolment, tx)
        }
    }

    /// Changes an enrolment, with its event if a reader could see the difference.
    ///
    /// - Parameter verb: Is given the time that the enrolment's organisation shows.
    /// - Returns: Whether there is such an enrolment.
    @discardableResult
    func change(
        _ id: EnrolmentID, _ tx: any WriteTransaction,
        _ verb: (inout Enrolment, Timestamp) throws -> Void
    ) throws -> Bool {
        guard let old = try EnrolmentStore.named([id], lock: .update, tx).first,
            let tenant = try OrganisationStore.tenant(old.organisationID, tx)
        else { return false }
        var new = old
        let moment = tenant.moment(now)
        try verb(&new, moment.shown)
        try save(new, instead: old, partner: tenant.partner, at: moment, tx)
        return true
    }

    /// Saves a changed enrolment that the caller has locked, with its event; one that ended by this ends at its
    /// network too.
    func save(
        _ new: Enrolment, instead old: Enrolment, partner: PartnerID, at moment: Moment,
        _ tx: any WriteTransaction
    ) throws {
        guard new != old else { return }
        let publishing = RulesetPublishing(mode: mode, now: now)
        if new.status.hasEnded, !old.status.hasEnded {
            try publishing.cancel(new.id, tx)
            try end(new.id, tx)
        }
        try EnrolmentStore.save(
            new, changedAt: moment.real, mode: mode, partner: partner, tx)
        if new.status == .enabled, old.status != .enabled { try publishing.enabled(new, tx) }
        try EventRecorder(partnerID: partner, now: moment).updated(from: old, to: new, tx)
    }
}

extension Enrolment {
    /// What the network is asked, in our words.
    fileprivate func requestPayload(_ merchantName: String) -> String {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.field("merchant_name", merchantName)
        json.key("configuration")
        json.raw(Array(configuration.stored.utf8))
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
