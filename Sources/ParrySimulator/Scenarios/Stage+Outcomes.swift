import ParryWire

/// Plays about how the network takes an outcome.
extension Stage {
    /// One more than a request with outcomes may hold (NETWORKS.md).
    private static let outcomesOverMax = 26
    /// Twelve hours beyond the longest usual window of 48 hours.
    private static let secondsTooLate: Int64 = 60 * 3_600

    mutating func playOutcome() {
        switch scenario {
        case .outcomeSentTwice: playAnswer(.lost(times: 1))
        case .recoverableError: playAnswer(.recoverable(times: 2))
        case .finalError: playAnswer(.final)
        case .outcomeAfterDeadline: playTooLate()
        default: playMany()
        }
    }

    private mutating func playAnswer(_ outcome: Play.OutcomeAnswer) {
        answer(outcome)
        upload()
        push(alert())
    }

    private mutating func playTooLate() {
        answer(.final)
        settleBeforeAlert()
        upload()
        push(alert(at: time.adding(seconds: -Self.secondsTooLate)))
    }

    /// Different cards, so that every alert has a sale of its own.
    private mutating func playMany() {
        answer(.success)
        var others: [SoldTransaction] = []
        for number in 1..<Self.outcomesOverMax {
            var other = sale.sibling("\(number)", seconds: -Int64(number) * 60, using: &random)
            other.card.last4 = Padded.text(
                "", (number * 383 + random.below(380)) % 10_000, width: 4)
            other.hidden.account.last4 = other.card.last4
            others.append(other)
        }
        upload(with: others)
        var alerts: [EthocaAlertMessage] = []
        for sale in others + [sale] {
            let alert = EthocaAlertMessage(about: sale, at: time, using: &random)
            alerts.append(alert)
            claim(alert, about: sale)
        }
        push(alerts)
    }
}
