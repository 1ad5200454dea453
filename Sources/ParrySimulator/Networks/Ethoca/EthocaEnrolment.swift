import ParryWire

/// One request of `POST /descriptors`, and what became of it.
package struct EthocaEnrolment: Sendable, Equatable {
    /// How a descriptor is compared with a statement's, in Ethoca's words.
    package enum MatchType: String, Sendable, CaseIterable {
        case exact = "EXACT"
        case startsWith = "STARTS_WITH"
    }

    /// The state of one descriptor (CONTRACT.md 7.5).
    package enum Status: String, Sendable, CaseIterable {
        case pending = "PENDING"
        case pass = "PASS"
        case failed = "FAILED"
    }

    /// Why a descriptor failed.
    package enum Reason: String, Sendable, CaseIterable {
        case tooGeneric = "TOO_GENERIC"
        case taken = "TAKEN"
    }

    /// A descriptor with its state.
    package struct Descriptor: Sendable, Equatable {
        package let text: String
        package let matchType: MatchType
        package var status = Status.pending
        package var reason: Reason?
    }

    package let requestID: String
    package let merchantName: String
    package var descriptors: [Descriptor]
    /// Whether somebody asked for it to fail.
    package var isMadeToFail = false
    package var isRemoved = false

    /// Reads a request; what is wrong with it is the reader's.
    init?(_ body: [UInt8], _ reader: inout MessageReader) {
        guard
            let root = reader.root(body, members: ["requestId", "merchantName", "descriptors"])
        else { return nil }
        let requestID = reader.text(root, "requestId", 1...SimulatorLimits.descriptorMax)
        let name = reader.text(root, "merchantName", 1...SimulatorLimits.descriptorMax)
        let items = reader.list(root, "descriptors", count: 1...SimulatorLimits.descriptorsMax)
        descriptors = items.compactMap { Self.descriptor($0, &reader) }
        guard let requestID, let name else { return nil }
        self.requestID = requestID
        merchantName = name
    }

    private static func descriptor(
        _ item: MessagePart, _ reader: inout MessageReader
    ) -> Descriptor? {
        reader.only(item, members: ["descriptor", "matchType"])
        let text = reader.text(item, "descriptor", 1...SimulatorLimits.descriptorMax)
        let matchType: MatchType? = reader.word(item, "matchType")
        guard let text, let matchType else { return nil }
        return Descriptor(text: text, matchType: matchType)
    }

    /// The message that tells the platform how it stands.
    func result(_ enrolmentID: String) -> [UInt8] {
        NetworkAnswer.object { json in
            json.field("requestId", requestID)
            json.field("enrolmentId", enrolmentID)
            json.key("descriptors")
            json.beginArray()
            for descriptor in descriptors {
                json.beginObject()
                json.field("descriptor", descriptor.text)
                json.field("matchType", descriptor.matchType)
                json.field("status", descriptor.status)
                json.field("reason", descriptor.reason)
                json.endObject()
            }
            json.endArray()
        }.body
    }
}

extension EthocaEnrolment: SimulatedEnrolment {
    static var network: LedgerEntry.Network { .ethoca }
    static var idPrefix: String { "ETHENR" }
    static var seedPart: UInt64 { 1 }

    func asks(sameAs other: EthocaEnrolment) -> Bool {
        let asked = other.descriptors.map { ($0.text, $0.matchType) }
        return other.merchantName == merchantName
            && asked.elementsEqual(descriptors.map { ($0.text, $0.matchType) }, by: ==)
    }

    mutating func wait() {
        for place in descriptors.indices {
            descriptors[place].status = .pending
            descriptors[place].reason = nil
        }
    }

    mutating func decide(_ id: String, among all: [String: EthocaEnrolment]) {
        for place in descriptors.indices {
            let key = DescriptorRules.key(descriptors[place].text)
            if isMadeToFail || DescriptorRules.isTooGeneric(descriptors[place].text) {
                descriptors[place].reason = .tooGeneric
            } else if all.contains(where: { $0.key != id && $0.value.holds(key) }) {
                descriptors[place].reason = .taken
            }
            descriptors[place].status = descriptors[place].reason == nil ? .pass : .failed
        }
    }

    /// Whether a descriptor is this enrolment's, by ``DescriptorRules/key(_:)``.
    private func holds(_ key: String) -> Bool {
        !isRemoved
            && descriptors.contains { $0.status == .pass && DescriptorRules.key($0.text) == key }
    }

    mutating func take(_ told: JSONValue) {
        let items = told["descriptors"].map { Array($0.elements) } ?? []
        for (place, item) in zip(descriptors.indices, items) {
            descriptors[place].status =
                item["status"]?.string.flatMap(Status.init(rawValue:)) ?? .pending
            descriptors[place].reason = item["reason"]?.string.flatMap(Reason.init(rawValue:))
        }
    }
}
