import ParryDomain
import ParryWire

/// The members of a network's message, read with their bounds.
package struct MessageFields {
    /// What is wrong with a message, in one sentence that names the member.
    package struct Fault: Error, Equatable {
        package let sentence: String

        init(_ sentence: String) {
            self.sentence = sentence
        }
    }

    let value: JSONValue

    /// A text, or nil when it is absent, null or empty; a full card number is refused.
    func text(_ name: String, _ lengthMax: Int) throws(Fault) -> String? {
        let text = try identifier(name, lengthMax)
        guard !CardNumber.appears(in: text ?? "") else {
            throw Fault("\(name) holds a full card number, which is never taken.")
        }
        return text
    }

    /// The same for an identifier, one in ten of which passes for a card number (amendment 5).
    func identifier(_ name: String, _ lengthMax: Int) throws(Fault) -> String? {
        guard let member = value[name], !member.isNull else { return nil }
        guard let text = member.string else { throw Fault("\(name) must be a text.") }
        guard text.unicodeScalars.count <= lengthMax else {
            throw Fault("\(name) may have \(lengthMax) characters.")
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            throw Fault("\(name) must not have control characters.")
        }
        guard !RawMessage.isGroupedCardNumber(text) else {
            throw Fault("\(name) holds a full card number, which is never taken.")
        }
        return text.isEmpty ? nil : text
    }

    func needed(_ name: String, _ lengthMax: Int) throws(Fault) -> String {
        guard let text = try text(name, lengthMax) else { throw Fault("\(name) is missing.") }
        return text
    }

    func neededIdentifier(_ name: String, _ lengthMax: Int) throws(Fault) -> String {
        guard let text = try identifier(name, lengthMax) else {
            throw Fault("\(name) is missing.")
        }
        return text
    }

    func time(_ name: String) throws(Fault) -> Timestamp? {
        guard let text = try text(name, 40) else { return nil }
        guard let time = Timestamp(iso8601: text) else {
            throw Fault("\(name) must be a time of RFC 3339 with its zone.")
        }
        return time
    }

    func neededTime(_ name: String) throws(Fault) -> Timestamp {
        guard let time = try time(name) else { throw Fault("\(name) is missing.") }
        return time
    }

    /// Masked or odd digits say nothing, which is better than refusing the message.
    func digits(_ name: String, _ count: ClosedRange<Int>) throws(Fault) -> String? {
        guard let text = try text(name, 40) else { return nil }
        let isRight =
            count.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isRight ? text : nil
    }

    /// An amount in minor units with its currency.
    func amount(
        _ name: String, _ currencyName: String
    ) throws(Fault) -> (units: Int64, currency: String) {
        let code = try needed(currencyName, 3)
        guard let currency = Currency(code: code) else {
            throw Fault("\(currencyName) is no active code of ISO 4217.")
        }
        guard let amount = DecimalAmount.minorUnits(try needed(name, 20), in: currency) else {
            throw Fault(
                "\(name) must be a decimal with the \(currency.exponent) decimals of \(code).")
        }
        return (amount, code)
    }

    /// The members of a part; nil when it is absent or null.
    func part(_ name: String) throws(Fault) -> MessageFields? {
        guard let member = value[name], !member.isNull else { return nil }
        guard member.kind == .object else { throw Fault("\(name) must be an object.") }
        return MessageFields(value: member)
    }
}
