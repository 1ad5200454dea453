package import ParryDomain
import ParryWire

/// Reads what Ethoca pushes (NETWORKS.md). Unknown members and unknown words are left as they are; what is needed
/// and missing, or cannot be right, refuses its own alert alone.
package enum EthocaAlertReader {
    /// One alert of a push.
    package struct Item: Sendable {
        /// As sent; empty when it is no text.
        package let alertID: String
        /// The alert, or what is wrong with it in one sentence.
        package let alert: Result<NetworkAlert, Fault>
        /// As they came, without full card numbers.
        package let body: [UInt8]
    }

    /// What is wrong with an alert.
    package struct Fault: Error, Equatable {
        package let sentence: String

        init(_ sentence: String) {
            self.sentence = sentence
        }
    }

    /// The alerts of a push in its order.
    ///
    /// - Throws: ``Fault`` for a body that is no push at all.
    package static func read(_ body: [UInt8]) throws(Fault) -> [Item] {
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONDocument.parse(body).root
        } catch {
            throw Fault("The body is not JSON: \(error.reason)")
        }
        guard let alerts = root["alerts"], alerts.kind == .array else {
            throw Fault("The body must be an object with the list alerts.")
        }
        guard alerts.count <= Limits.alertsPerPushMax else {
            throw Fault("A push may have \(Limits.alertsPerPushMax) alerts.")
        }
        return alerts.elements.map { value in
            Item(
                alertID: value["alertId"]?.string ?? "",
                alert: Result { () throws(Fault) in try alert(value) },
                body: RawMessage.kept(value))
        }
    }

    private static func alert(_ value: JSONValue) throws(Fault) -> NetworkAlert {
        let fields = Fields(value: value)
        guard let id = try fields.identifier("alertId", 64) else {
            throw Fault("alertId is missing.")
        }
        let alertedAt = try fields.neededTime("alertTimestamp")
        let saleAt = try fields.time("transactionTimestamp")
        return NetworkAlert(
            networkID: id, category: category(try fields.text("alertType", 40)),
            alertedAt: alertedAt,
            transaction: try transaction(fields, at: saleAt ?? alertedAt), transactionAt: saleAt,
            reasonCode: try fields.text("chargebackReasonCode", 40))
    }

    /// An unknown type is treated as a customer's dispute, whose outcomes claim least.
    private static func category(_ word: String?) -> DisputeCategory {
        word == "CONFIRMEDFRAUD" ? .fraud : .dispute
    }

    private static func transaction(
        _ fields: Fields, at time: Timestamp
    ) throws(Fault) -> AlertTransaction {
        let code = try fields.needed("transactionCurrency", 3)
        guard let currency = Currency(code: code) else {
            throw Fault("transactionCurrency is no active code of ISO 4217.")
        }
        let text = try fields.needed("transactionAmount", 20)
        guard let amount = DecimalAmount.minorUnits(text, in: currency) else {
            throw Fault(
                "transactionAmount must be a decimal with the \(currency.exponent) decimals of "
                    + "\(code).")
        }
        return AlertTransaction(
            amount: amount, currency: code, authorisedAt: time,
            authorisationCode: try fields.text("authCode", 16),
            acquirerReferenceNumber: try fields.identifier("acquirerReferenceNumber", 32),
            statementDescriptor: try fields.needed("merchantDescriptor", 255),
            cardBIN: try fields.digits("cardBin", 6...8),
            cardLast4: try fields.digits("cardLast4", 4...4),
            cardScheme: try fields.text("cardScheme", 40),
            cardIssuer: try fields.text("issuer", 255))
    }

    /// The members of one alert.
    private struct Fields {
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
            guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
            else { throw Fault("\(name) must not have control characters.") }
            return text.isEmpty ? nil : text
        }

        func needed(_ name: String, _ lengthMax: Int) throws(Fault) -> String {
            guard let text = try text(name, lengthMax) else { throw Fault("\(name) is missing.") }
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

        /// Masked or odd digits say nothing, which is better than refusing the alert.
        func digits(_ name: String, _ count: ClosedRange<Int>) throws(Fault) -> String? {
            guard let text = try text(name, 40) else { return nil }
            let isRight =
                count.contains(text.utf8.count)
                && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            return isRight ? text : nil
        }
    }
}
