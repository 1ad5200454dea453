import ParryDomain
import ParryService
import ParryWire

/// Reads Verifi's notices of RDR cases (NETWORKS.md).
enum VerifiNoticeReader {
    /// - Throws: ``NetworkFault`` that names the member.
    static func read(_ body: [UInt8]) throws(NetworkFault) -> NetworkCase {
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONDocument.parse(body).root
        } catch {
            throw NetworkFault(sentence: "The body is not JSON: \(error.reason)")
        }
        let fields = MessageFields(value: root)
        do throws(MessageFields.Fault) {
            return try notice(root, fields)
        } catch {
            throw NetworkFault(sentence: error.sentence)
        }
    }

    private static func notice(
        _ root: JSONValue, _ fields: MessageFields
    ) throws(MessageFields.Fault) -> NetworkCase {
        let id = try fields.neededIdentifier("caseId", 64)
        guard let status = try fields.text("status", 20).flatMap(NetworkCase.Status.init) else {
            throw .init("status must be ACCEPTED, DECLINED or DELETED.")
        }
        let type = try fields.text("caseType", 40) ?? ""
        let raisedAt = try fields.neededTime("caseDate")
        let soldAt = try fields.time("transactionDate")
        return NetworkCase(
            status: status, decisionID: try fields.identifier("decisionId", 64),
            alert: NetworkAlert(
                networkID: id, category: type.contains("FRAUD") ? .fraud : .dispute,
                alertedAt: raisedAt,
                transaction: try transaction(root, fields, at: soldAt ?? raisedAt),
                transactionAt: soldAt, reasonCode: try fields.text("reasonCode", 40)),
            acquirerBIN: try fields.digits("acquirerBin", 6...8),
            cardAcceptorID: try fields.identifier("cardAcceptorId", 40))
    }

    private static func transaction(
        _ root: JSONValue, _ fields: MessageFields, at time: Timestamp
    ) throws(MessageFields.Fault) -> AlertTransaction {
        var part = try fields.part("caseAmount")
        if part == nil { part = try fields.part("transactionAmount") }
        guard let money = part else { throw .init("caseAmount is missing.") }
        let (amount, currency) = try money.amount("amount", "currency")
        return AlertTransaction(
            amount: amount, currency: currency, authorisedAt: time,
            authorisationCode: try fields.text("authCode", 16),
            acquirerReferenceNumber: try fields.identifier("arn", 32),
            statementDescriptor: try fields.text("paymentDescriptor", 255),
            cardBIN: try fields.digits("cardBin", 6...8),
            cardLast4: try fields.digits("cardLast4", 4...4),
            cardScheme: try fields.text("paymentType", 40) ?? "VISA", cardIssuer: nil)
    }
}
