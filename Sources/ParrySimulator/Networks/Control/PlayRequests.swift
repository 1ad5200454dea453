import ParryWire

/// What a play is made of, as a control request asks for it.
///
/// The transaction is an order as `POST /v1/orders` takes it or the API answers it; its
/// `organisation_id` and `integration_id` go into the orders that the seller has to upload.
struct PlayWish: Sendable {
    let scenario: Scenario
    let order: WishedOrder
    let seed: UInt64
    /// When the alert is raised; nil is the present.
    let time: Timestamp?

    /// Puts the play together.
    func play(at now: Timestamp) -> Play {
        var random = SeededGenerator(seed: seed)
        return scenario.play(
            of: order.sale, at: (time ?? now).truncatedToSecond, using: &random)
    }
}

/// An order that a play is about.
struct WishedOrder: Sendable {
    let sale: SoldTransaction
    let organisationID: String
    let integrationID: String
    /// Whether the platform has it already, so that its seller need not upload it.
    let isUploaded: Bool

    init?(_ part: MessagePart, isUploaded: Bool, _ reader: inout MessageReader) {
        guard let sale = SoldTransaction(order: part.value, hidden: nil) else {
            reader.fault(part, "", "is no order with an amount, a card and a time")
            return nil
        }
        self.sale = sale
        self.isUploaded = isUploaded
        organisationID = part.value["organisation_id"]?.string ?? ""
        integrationID = part.value["integration_id"]?.string ?? ""
    }
}

extension ControlRequests {
    /// `POST /control/play`: a play to go on with, or one to begin.
    enum PlayRequest: Sendable {
        case resume(String)
        case begin(PlayWish)
    }

    /// `{"resume": "play-1"}` or `{"scenario", "transaction", "seed", "time", "uploaded"}`.
    static func play(_ body: [UInt8]) throws(ControlRefusal) -> PlayRequest {
        let members = ["resume", "scenario", "transaction", "seed", "time", "uploaded"]
        return try read(body, members: members) { root, reader in
            if root.value["resume"] != nil {
                return reader.text(root, "resume", 1...64).map(PlayRequest.resume)
            }
            let scenario: Scenario? = reader.word(root, "scenario")
            let isUploaded = reader.flag(root, "uploaded", else: false)
            guard let transaction = root.value["transaction"] else {
                reader.fault(root, "transaction", "is not there")
                return nil
            }
            let part = MessagePart(value: transaction, path: "transaction")
            let order = WishedOrder(part, isUploaded: isUploaded, &reader)
            let time = time(root, &reader)
            let seed = seed(root, &reader)
            guard let scenario, let order else { return nil }
            return .begin(PlayWish(scenario: scenario, order: order, seed: seed, time: time))
        }
    }

    /// `{"seed", "count", "transactions": [...], "scenarios": [...], "time", "uploaded"}`: as many
    /// plays, each with a scenario and an order that the seed picks.
    static func mixture(_ body: [UInt8]) throws(ControlRefusal) -> [PlayWish] {
        let members = ["seed", "count", "transactions", "scenarios", "time", "uploaded"]
        return try read(body, members: members) { root, reader in
            let isUploaded = reader.flag(root, "uploaded", else: false)
            let orders = reader.list(root, "transactions", count: 1...SimulatorLimits.mixtureMax)
                .compactMap { WishedOrder($0, isUploaded: isUploaded, &reader) }
            let scenarios = scenarios(root, &reader)
            let count = reader.integer(root, "count", in: 1...SimulatorLimits.mixtureMax, else: 1)
            let time = time(root, &reader)
            let seed = seed(root, &reader)
            guard !orders.isEmpty, !scenarios.isEmpty else { return nil }
            return (0..<count).map { number in
                var random = SeededGenerator(seed: seed, 4, UInt64(number))
                return PlayWish(
                    scenario: random.pick(scenarios), order: orders[number % orders.count],
                    seed: random.next(), time: time)
            }
        }
    }

    private static func scenarios(
        _ root: MessagePart, _ reader: inout MessageReader
    ) -> [Scenario] {
        guard root.value["scenarios"] != nil else { return Scenario.allCases }
        let words = reader.elements(root, "scenarios", count: 1...Scenario.allCases.count)
        return words.compactMap { word in
            let scenario = word.value.string.flatMap(Scenario.init(rawValue:))
            if scenario == nil { reader.fault(word, "", "is no scenario") }
            return scenario
        }
    }

    private static func seed(_ root: MessagePart, _ reader: inout MessageReader) -> UInt64 {
        UInt64(reader.integer(root, "seed", in: 0...Int.max, else: 1))
    }

    private static func time(_ root: MessagePart, _ reader: inout MessageReader) -> Timestamp? {
        guard let text = root.value["time"]?.string else { return nil }
        let time = Timestamp(iso8601: text)
        if time == nil { reader.fault(root, "time", "is no time of RFC 3339 with its zone") }
        return time
    }
}
