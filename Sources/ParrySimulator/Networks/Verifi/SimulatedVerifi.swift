package import ParryWire

/// Verifi RDR as a value: it judges what the platform sends, and says what it does about it.
///
/// Its state changes by ``apply(_:)`` alone, so the entries of a ledger make the same Verifi again.
package struct SimulatedVerifi: Sendable {
    /// What the ledger says of rules that now hold.
    private static let published = "PUBLISHED"
    private static let repeated = "REPEATED"
    private static let ignored = "IGNORED"

    private(set) var enrolments: SimulatedEnrolments<VerifiEnrolment>
    package private(set) var cases = VerifiCases()

    /// A Verifi that knows nobody yet.
    package init(_ settings: NetworkSettings) {
        enrolments = SimulatedEnrolments(settings)
    }

    /// Follows one entry of the ledger; those of Ethoca are nothing to it.
    package mutating func apply(_ entry: LedgerEntry) {
        guard entry.network == .verifi else { return }
        enrolments.apply(entry)
        cases.apply(entry)
        guard entry.kind == .rulesetReceived, entry.word == Self.published,
            let body = entry.body, let version = Self.version(of: body)
        else { return }
        enrolments.change(entry.subject) {
            $0.ruleset = VerifiEnrolment.Ruleset(version: version, body: body)
        }
    }

    /// The rules that now hold for an enrolment.
    package func ruleset(of id: String) -> VerifiEnrolment.Ruleset? { enrolments.all[id]?.ruleset }

    private mutating func note(_ entry: LedgerEntry, in step: inout NetworkStep) {
        apply(entry)
        step.entries.append(entry)
    }

    /// `POST /enrolments`.
    package mutating func enrol(
        _ body: [UInt8], at now: Timestamp, _ misbehaviour: inout Misbehaviour
    ) -> NetworkStep {
        enrolments.enrol(body, at: now, &misbehaviour)
    }

    /// `DELETE /enrolments/{id}`.
    package mutating func remove(_ id: String, at now: Timestamp) -> NetworkStep {
        enrolments.remove(id, at: now)
    }

    /// What is to be told about an enrolment now; nil once it is removed.
    package func result(_ id: String, _ result: EnrolmentResult) -> PlatformMessage? {
        enrolments.result(id, result)
    }

    /// `PUT /rulesets/{enrolmentId}`: 202; the greatest version wins, whenever it comes
    /// (NETWORKS.md).
    ///
    /// NETWORKS.md is silent about the rules themselves, so any object with an integer `version`
    /// will do.
    package mutating func publish(
        _ body: [UInt8], of id: String, at now: Timestamp
    ) -> NetworkStep {
        guard let enrolment = enrolments.all[id], !enrolment.isRemoved else {
            return .refused(
                ["there is no such enrolment"], .verifi, body, at: now, subject: id, status: 404)
        }
        guard let version = Self.version(of: body) else {
            return .refused(
                ["version has to be an integer from 1"], .verifi, body, at: now, subject: id)
        }
        if enrolment.ruleset?.version == version, enrolment.ruleset?.body != body {
            return .refused(
                ["this version was published with other rules"], .verifi, body, at: now,
                subject: id)
        }
        let held = enrolment.ruleset?.version ?? 0
        let word =
            version > held ? Self.published : version == held ? Self.repeated : Self.ignored
        var entry = LedgerEntry(.rulesetReceived, .verifi, subject: id, at: now, body: body)
        entry.word = word
        var step = NetworkStep(
            .object(status: 202) { json in
                json.field("enrolmentId", id)
                json.field("version", version)
                json.field("status", word)
            })
        note(entry, in: &step)
        return step
    }

    private static func version(of body: [UInt8]) -> Int64? {
        let version = (try? JSONDocument.parse(body))?.root["version"]?.integer
        return version.flatMap { $0 >= 1 ? $0 : nil }
    }
}
