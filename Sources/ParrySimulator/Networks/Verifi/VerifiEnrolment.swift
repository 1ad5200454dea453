import ParryWire

/// One request of `POST /enrolments` at Verifi, and what became of it.
package struct VerifiEnrolment: Sendable, Equatable {
    /// Where an enrolment stands.
    package enum Status: String, Sendable, CaseIterable {
        case inProgress = "IN_PROGRESS"
        case enabled = "ENABLED"
        case failed = "FAILED"
    }

    /// The rules that were published for an enrolment.
    package struct Ruleset: Sendable, Equatable {
        package let version: Int64
        package let body: [UInt8]
    }

    package let requestID: String
    /// The acquirer's BIN and the merchant's id there; nil when it was asked for by ARNs.
    package let bin: String?
    package let caid: String?
    package let arns: [String]
    package var status = Status.inProgress
    package var reason: String?
    /// Whether somebody asked for it to fail.
    package var isMadeToFail = false
    package var isRemoved = false
    /// The one with the greatest version.
    package var ruleset: Ruleset?

    /// Reads a request: BIN and CAID, or ARNs (NETWORKS.md; formats of CONTRACT.md 7.5).
    init?(_ body: [UInt8], _ reader: inout MessageReader) {
        guard let root = reader.root(body, members: nil) else { return nil }
        let requestID = reader.text(root, "requestId", 1...SimulatorLimits.descriptorMax)
        if root.value["arns"] == nil {
            reader.only(root, members: ["requestId", "bin", "caid"])
            bin = Self.digits(root, "bin", 6...8, &reader)
            caid = Self.alphanumerics(root, "caid", &reader)
            arns = []
        } else {
            reader.only(root, members: ["requestId", "arns"])
            arns = Self.arns(root, &reader)
            bin = nil
            caid = nil
        }
        guard let requestID else { return nil }
        self.requestID = requestID
    }

    private static func arns(_ root: MessagePart, _ reader: inout MessageReader) -> [String] {
        let elements = reader.elements(root, "arns", count: 1...SimulatorLimits.arnsMax)
        return elements.compactMap { element in
            let arn = element.value.string ?? ""
            guard arn.utf8.count == 23, arn.utf8.allSatisfy(isDigit) else {
                reader.fault(element, "", "has to be 23 digits")
                return nil
            }
            return arn
        }
    }

    private static func digits(
        _ root: MessagePart, _ name: String, _ length: ClosedRange<Int>,
        _ reader: inout MessageReader
    ) -> String? {
        guard let text = reader.text(root, name, length) else { return nil }
        if !text.utf8.allSatisfy(isDigit) { reader.fault(root, name, "has to be digits") }
        return text
    }

    private static func alphanumerics(
        _ root: MessagePart, _ name: String, _ reader: inout MessageReader
    ) -> String? {
        guard let text = reader.text(root, name, 1...16) else { return nil }
        let isPlain = text.utf8.allSatisfy { byte in
            isDigit(byte) || (0x41...0x5A).contains(byte & 0xDF)
        }
        if !isPlain { reader.fault(root, name, "has to be letters and digits") }
        return text
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// The message that tells the platform how it stands.
    func result(_ enrolmentID: String) -> [UInt8] {
        NetworkAnswer.object { json in
            json.field("requestId", requestID)
            json.field("enrolmentId", enrolmentID)
            json.field("status", status)
            json.field("reason", reason)
        }.body
    }
}

extension VerifiEnrolment: SimulatedEnrolment {
    static var network: LedgerEntry.Network { .verifi }
    static var idPrefix: String { "RDRENR" }
    static var seedPart: UInt64 { 2 }

    func asks(sameAs other: VerifiEnrolment) -> Bool {
        other.bin == bin && other.caid == caid && other.arns == arns
    }

    mutating func wait() {
        status = .inProgress
        reason = nil
    }

    mutating func decide(_ id: String, among all: [String: VerifiEnrolment]) {
        status = isMadeToFail ? .failed : .enabled
        reason = isMadeToFail ? "the acquirer knows no such merchant" : nil
    }

    mutating func take(_ told: JSONValue) {
        status = told["status"]?.string.flatMap(Status.init(rawValue:)) ?? .inProgress
        reason = told["reason"]?.string
    }
}
