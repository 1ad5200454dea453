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

    /// What is wrong with an alert, or with the whole push.
    package typealias Fault = MessageFields.Fault

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
        let fields = MessageFields(value: value)
        let id = try fields.neededIdentifier("alertId", 64)
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
        _ fields: MessageFields, at time: Timestamp
    ) throws(Fault) -> AlertTransaction {
        let (amount, currency) = try fields.amount("transactionAmount", "transactionCurrency")
        return AlertTransaction(
            amount: amount, currency: currency, authorisedAt: time,
            authorisationCode: try fields.text("authCode", 16),
            acquirerReferenceNumber: try fields.identifier("acquirerReferenceNumber", 32),
            statementDescriptor: try fields.needed("merchantDescriptor", 255),
            cardBIN: try fields.digits("cardBin", 6...8),
            cardLast4: try fields.digits("cardLast4", 4...4),
            cardScheme: try fields.text("cardScheme", 40),
            cardIssuer: try fields.text("issuer", 255))
    }
}
