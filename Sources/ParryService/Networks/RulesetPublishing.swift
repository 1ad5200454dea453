import ParryDatabase
import ParryDomain
import ParryStore
import ParryWire

/// Has the network learn the rules of RDR enrolments, in the commit of what changes them. The last change wins there and
/// here; one of an enrolment that is not ENABLED waits until it is.
struct RulesetPublishing {
    let mode: AccountMode
    /// The real time: networks are told by it.
    let now: Timestamp

    /// A ruleset was saved, made or deleted.
    ///
    /// - Parameters:
    ///   - new: As it is stored now; nil when it was deleted.
    ///   - former: The enrolments that it decided for before.
    func publish(
        _ new: Ruleset?, former: [EnrolmentID], _ tx: any WriteTransaction
    ) throws {
        let current = new?.details.enrolmentIDs ?? []
        let all = Set(current).union(former).sorted { $0.text < $1.text }
        for enrolment in try EnrolmentStore.named(all, lock: .share, tx)
        where enrolment.type == .verifiRDR {
            let ruleset = current.contains(enrolment.id) ? new : nil
            // Requests before publications, as when an answer is written.
            try cancel(enrolment.id, tx)
            try RulesetPublicationStore.want(ruleset, for: enrolment.id, now: now, tx)
            try queue(enrolment, tx)
        }
    }

    /// The network enrolled, so that it can have the rules; the caller has locked the enrolment.
    func enabled(_ enrolment: Enrolment, _ tx: any WriteTransaction) throws {
        guard enrolment.type == .verifiRDR,
            try RulesetPublicationStore.wanted(for: enrolment.id, tx) != nil
        else { return }
        try cancel(enrolment.id, tx)
        try RulesetPublicationStore.renew(enrolment.id, now: now, tx)
        try queue(enrolment, tx)
    }

    /// Has the network told what it should have been told already; the caller has locked the enrolment. Where the
    /// network does not know it any more, it cannot be told until it enrols it anew.
    func queueAgain(_ enrolment: Enrolment, _ tx: any WriteTransaction) throws {
        try cancel(enrolment.id, tx)
        if try EnrolmentProgress.networkIDs(of: enrolment.id, tx).isEmpty,
            let wanted = try RulesetPublicationStore.wanted(for: enrolment.id, tx)
        {
            return try RulesetPublicationStore.settle(
                enrolment.id, version: wanted.version,
                .final("the network does not know the enrolment any more"), now: now, tx)
        }
        try queue(enrolment, tx)
    }

    /// Keeps others from changing these enrolments, before anything else is locked.
    static func lock(
        _ enrolments: [EnrolmentID], _ tx: any WriteTransaction
    ) throws {
        _ = try EnrolmentStore.named(Array(Set(enrolments)), lock: .share, tx)
    }

    /// Takes back what was not published yet.
    func cancel(_ enrolment: EnrolmentID, _ tx: any WriteTransaction) throws {
        try NetworkRequestStore.supersede(
            .publish, about: enrolment.text, slot: enrolment.slot, now: now, tx)
    }

    private func queue(_ enrolment: Enrolment, _ tx: any WriteTransaction) throws {
        guard enrolment.status == .enabled,
            let networkID = try EnrolmentProgress.networkIDs(of: enrolment.id, tx).last?.id,
            let wanted = try RulesetPublicationStore.wanted(for: enrolment.id, tx)
        else { return }
        try NetworkRequestStore.insert(
            [
                NetworkRequestStore.New(
                    network: .verifi, kind: .publish, subjectID: enrolment.id.text,
                    slot: enrolment.id.slot, payload: Self.payload(wanted, at: networkID))
            ], mode: mode, now: now, tx)
    }

    private static func payload(
        _ wanted: RulesetPublicationStore.Wanted, at networkID: String
    ) -> String {
        var json = JSONWriter(capacity: 1_024)
        json.beginObject()
        json.field("enrolment_network_id", networkID)
        json.field("version", wanted.version)
        json.key("ruleset")
        if let body = wanted.body { json.raw(Array(body.utf8)) } else { json.null() }
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// The network answered the request itself.
    func answered(
        _ request: ClaimedNetworkRequest, _ answer: NetworkAnswer, _ tx: any WriteTransaction
    ) throws {
        guard let payload = try? JSONDocument.parse(Array(request.payload.utf8)).root,
            let version = payload["version"]?.integer
        else { return }
        try RulesetPublicationStore.settle(
            EnrolmentID(stored: request.subjectID), version: version, answer, now: now, tx)
    }
}
