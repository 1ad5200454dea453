import ParryWire

/// Plays about what happened before, and about messages that come more than once.
extension Stage {
    /// How far apart two alerts about the same dispute are raised.
    private static let secondsApart: Int64 = 3 * 3_600

    mutating func playCourse() {
        switch scenario {
        case .alreadyRefunded: playRefunded()
        case .alreadyDisputed: playDisputed()
        case .pushedTwice, .slowAcknowledgement: playRepeatedPush()
        case .twoAlertIDs: playTwoIDs()
        case .ethocaDeclinedThenRDR: playEthocaThenRDR()
        default: playDeletedRDR()
        }
    }

    /// Half-way between the sale and its alert.
    private var beforeAlert: Timestamp {
        sale.authorisedAt.adding(
            milliseconds: (time.milliseconds - sale.authorisedAt.milliseconds) / 2)
    }

    private mutating func playRefunded() {
        sale.refund(at: beforeAlert)
        upload()
        push(alert(), .alreadyRefunded)
    }

    private mutating func playDisputed() {
        sale.dispute(at: beforeAlert)
        upload()
        push(alert(), .alreadyDisputed)
    }

    private mutating func playRepeatedPush() {
        upload()
        let alert = alert()
        claim(alert, about: sale)
        push([alert], scenario == .slowAcknowledgement ? .slow : .prompt)
        push([alert])
    }

    private mutating func playTwoIDs() {
        upload()
        let first = alert(at: time.adding(seconds: -Self.secondsApart))
        var second = first
        second.alertID = NetworkIDs.alert(using: &random)
        second.alertTimestamp = time.truncatedToSecond
        push(first)
        push(second, .duplicate)
    }

    private mutating func playEthocaThenRDR() {
        sale = sale.onVisa
        upload()
        push(alert(at: time.adding(seconds: -Self.secondsApart)))
        playRDR([.accepted])
    }

    private mutating func playDeletedRDR() {
        sale = sale.onVisa
        upload()
        playRDR([.accepted, .deleted])
    }
}
