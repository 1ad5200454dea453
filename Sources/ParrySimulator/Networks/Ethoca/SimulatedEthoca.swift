package import ParryWire

/// Ethoca as a value: it judges what the platform sends, and says what it does about it.
///
/// Its state changes by ``apply(_:)`` alone, so the entries of a ledger make the same Ethoca again.
package struct SimulatedEthoca: Sendable {
    package private(set) var alerts: EthocaAlerts
    private(set) var enrolments: SimulatedEnrolments<EthocaEnrolment>
    /// How the outcomes of single alerts are answered: the wish of a play.
    package var wishes: [String: Play.OutcomeAnswer] = [:]

    /// An Ethoca that knows nobody yet.
    package init(_ settings: NetworkSettings) {
        enrolments = SimulatedEnrolments(settings)
        alerts = EthocaAlerts(windowSeconds: settings.alertWindowSeconds)
    }

    /// Follows one entry of the ledger; those of Verifi are nothing to it.
    package mutating func apply(_ entry: LedgerEntry) {
        guard entry.network == .ethoca else { return }
        alerts.apply(entry)
        enrolments.apply(entry)
    }

    // MARK: Enrolments

    /// `POST /descriptors`.
    package mutating func enrol(
        _ body: [UInt8], at now: Timestamp, _ misbehaviour: inout Misbehaviour
    ) -> NetworkStep {
        enrolments.enrol(body, at: now, &misbehaviour)
    }

    /// `DELETE /descriptors/{id}`.
    package mutating func remove(_ id: String, at now: Timestamp) -> NetworkStep {
        enrolments.remove(id, at: now)
    }

    /// What is to be told about an enrolment now; nil once it is removed.
    package func result(_ id: String, _ result: EnrolmentResult) -> PlatformMessage? {
        enrolments.result(id, result)
    }
}
