import ParryWire

/// What became of the records of one run.
package struct SendReport: Sendable, Hashable {
    /// Orders that the platform stored.
    package var accepted: Int64 = 0
    /// Orders that it had, and that were changed.
    package var changed: Int64 = 0
    /// Orders that were sent before and say the same: nothing was sent.
    package var known: Int64 = 0
    /// Orders that the platform had although we did not know: reconciled.
    package var duplicates: Int64 = 0
    /// Orders that are twice in the input.
    package var repeated: Int64 = 0
    /// Records that were refused here, before anything was sent.
    package var invalid: Int64 = 0
    /// Orders that the platform refused.
    package var refused: Int64 = 0
    /// Of the orders that were sent, card transactions without these.
    package var lacksARN: Int64 = 0
    package var lacksAuthorisationCode: Int64 = 0
    package var lacksBIN: Int64 = 0

    /// Records that were looked at.
    package var records: Int64 {
        accepted + changed + known + duplicates + repeated + invalid + refused
    }

    /// Whether every record is at the platform.
    package var isComplete: Bool { invalid == 0 && refused == 0 }

    mutating func add(_ other: SendReport) {
        accepted += other.accepted
        changed += other.changed
        known += other.known
        duplicates += other.duplicates
        repeated += other.repeated
        invalid += other.invalid
        refused += other.refused
        lacksARN += other.lacksARN
        lacksAuthorisationCode += other.lacksAuthorisationCode
        lacksBIN += other.lacksBIN
    }

    mutating func count(_ coverage: FeedCoverage) {
        guard coverage.contains(.card) else { return }
        if !coverage.contains(.acquirerReferenceNumber) { lacksARN += 1 }
        if !coverage.contains(.authorisationCode) { lacksAuthorisationCode += 1 }
        if !coverage.contains(.bin) { lacksBIN += 1 }
    }

    /// What the feed's totals grow by.
    func totals(at now: Timestamp) -> FeedStore.Totals {
        FeedStore.Totals(
            accepted: accepted, changed: changed, refused: invalid + refused,
            duplicates: duplicates, lacksARN: lacksARN,
            lacksAuthorisationCode: lacksAuthorisationCode, lacksBIN: lacksBIN, lastSentAt: now)
    }
}
