package import ParryWire

/// What the network makes of one outcome.
package struct EthocaVerdict: Sendable, Equatable {
    /// What became of it, as the ledger says it.
    package enum Word: String, Sendable {
        /// It is the alert's first final outcome.
        case counted = "COUNTED"
        /// It says the same once more, and is acknowledged once more.
        case repeated = "REPEATED"
        case refused = "REFUSED"
        /// Somebody asked the simulator to refuse it.
        case spoilt = "SPOILT"
    }

    /// Another outcome counts already; it cannot be changed (NETWORKS.md).
    package static let alreadyFinal = "OUTCOME_ALREADY_FINAL"
    package static let unknownAlert = "UNKNOWN_ALERT"
    package static let tooLate = "TOO_LATE"
    /// The word belongs to the other type of alert.
    package static let invalidOutcome = "INVALID_OUTCOME"
    package static let spoiltForGood = "SIMULATED_FINAL_ERROR"
    package static let spoiltForNow = "SIMULATED_RECOVERABLE_ERROR"

    package let word: Word
    /// The error's code; nil of a success.
    package let code: String?
    package let isRecoverable: Bool

    private init(_ word: Word, _ code: String? = nil, isRecoverable: Bool = false) {
        self.word = word
        self.code = code
        self.isRecoverable = isRecoverable
    }

    /// Somebody's wish.
    static func spoilt(isRecoverable: Bool) -> EthocaVerdict {
        let code = isRecoverable ? spoiltForNow : spoiltForGood
        return EthocaVerdict(.spoilt, code, isRecoverable: isRecoverable)
    }

    /// Judges an outcome by what is known of its alert (NETWORKS.md: the first final outcome
    /// counts).
    ///
    /// A repetition succeeds even after the window: the platform may have missed the first answer.
    package static func of(
        _ outcome: EthocaOutcome, about record: EthocaAlertRecord?, at now: Timestamp
    ) -> EthocaVerdict {
        guard let record else { return EthocaVerdict(.refused, unknownAlert) }
        if let counted = record.outcome {
            return counted == outcome
                ? EthocaVerdict(.repeated) : EthocaVerdict(.refused, alreadyFinal)
        }
        guard now <= record.closesAt else { return EthocaVerdict(.refused, tooLate) }
        if let type = record.type, !outcome.word.isMeant(for: type) {
            return EthocaVerdict(.refused, invalidOutcome)
        }
        return EthocaVerdict(.counted)
    }

    /// Writes `{"alertId", "status", "error"}`.
    func write(_ alertID: String, into writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("alertId", alertID)
        writer.field("status", code == nil ? "SUCCESS" : "FAILURE")
        writer.key("error")
        if let code {
            writer.beginObject()
            writer.field("code", code)
            writer.field("recoverable", isRecoverable)
            writer.endObject()
        } else {
            writer.null()
        }
        writer.endObject()
    }
}
