import ParryWire

/// Plays in which it is the question which sale is meant, or whether there is one.
extension Stage {
    /// A sale of this many days ago is older than the schemes' limit of 120 days.
    private static let daysOld: Int64 = 130

    mutating func playDoubt() {
        switch scenario {
        case .rebillTwins: playTwins(days: [-60, -30])
        case .declinedTransaction: playDeclined()
        case .olderThan120Days: playOld()
        case .sameDayTwins: playSameDayTwins()
        case .orderAfterAlert: playLateOrder()
        default: playStranger()
        }
    }

    private mutating func playTwins(days: [Int64]) {
        var twins: [SoldTransaction] = []
        for day in days {
            twins.append(sale.sibling("m\(-day)", seconds: day * 86_400, using: &random))
        }
        upload(with: twins)
        pushAnonymous()
    }

    private mutating func playDeclined() {
        upload(with: [sale.declinedAttempt("declined", seconds: -360, using: &random)])
        pushAnonymous()
    }

    private mutating func playSameDayTwins() {
        upload(with: [sale.sibling("twin", seconds: -7_200, using: &random)])
        pushAnonymous()
    }

    private mutating func playOld() {
        let latest = time.adding(seconds: -Self.daysOld * 86_400)
        let seconds = (latest.milliseconds - sale.authorisedAt.milliseconds) / 1_000
        if seconds < 0 { sale = sale.moved(seconds: seconds, using: &random) }
        upload()
        push(alert())
    }

    private mutating func playLateOrder() {
        push(alert())
        uploadLate()
    }

    /// An alert that only card, amount and date can place.
    private mutating func pushAnonymous() {
        var alert = alert()
        alert.dropIdentifiers()
        push(alert)
    }

    /// An alert about a sale that was never uploaded, here or at all.
    private mutating func playStranger() {
        upload()
        var alert = alert()
        if scenario == .chanceLookAlike {
            alert.dropIdentifiers()
            alert.transactionTimestamp = alert.transactionTimestamp.adding(seconds: 3_600)
            return push(alert, .notFound)
        }
        alert.useAnotherCard(using: &random)
        guard scenario == .anotherMerchantsDescriptor else { return push(alert, .notFound) }
        alert.merchantDescriptor = StrangerNames.draw(using: &random)
        push(alert, .wrongMerchant)
    }
}

/// Descriptors of merchants that are nobody's here.
enum StrangerNames {
    private static let all = [
        "NORTHWIND TRADERS", "HARBOUR BOOKS", "TULIP GROCERS", "KESTREL AIR", "OSLO PARKING",
        "BLUEDOOR HOTEL", "QUICKPRINT SHOP", "ZEPHYR TAXI", "VELLUM PAPERS", "JUNIPER GARDEN",
    ]

    static func draw(using random: inout SeededGenerator) -> String { random.pick(all) }
}
