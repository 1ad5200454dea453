import ParryWire

/// Holds a document against everything that can be known of it without the server.
enum FeedJudge {
    /// Why a document is refused, and its reference where it could be read.
    struct Verdict: Error {
        let errors: [FieldError]
        let referenceID: String?
    }

    /// - Parameter line: Where the document came from.
    static func judge(_ document: [UInt8], line: Int) throws(Verdict) -> FeedOrder {
        let order = try decode(document)
        var writer = JSONWriter(capacity: document.count + 64)
        order.write(into: &writer)
        let errors = FeedRules.errors(in: order, documentBytes: writer.bytes.count)
        let referenceID = order[OrderRequest.referenceID]
        guard errors.isEmpty, let referenceID else {
            throw Verdict(errors: errors, referenceID: referenceID)
        }
        return FeedOrder(
            line: line, referenceID: referenceID, document: writer.bytes,
            coverage: FeedCoverage(order))
    }

    private static func decode(_ document: [UInt8]) throws(Verdict) -> RequestObject {
        do {
            return try OrderRequest.create.decode(document)
        } catch {
            throw Verdict(errors: errors(of: error), referenceID: reference(in: document))
        }
    }

    private static func errors(of failure: RequestFailure) -> [FieldError] {
        switch failure {
        case .malformed(let error): [malformed(error)]
        case .invalid(let errors): errors
        case .cardNumber(let field):
            [
                FieldError(
                    field: field, code: ErrorCode.cardNumberRejected.rawValue,
                    message: "\(field) contains a full card number. Never send one: use the first "
                        + "6 to 8 and last 4 digits.")
            ]
        }
    }

    static func malformed(_ error: JSONError) -> FieldError {
        FieldError(
            field: "", code: ErrorCode.invalidRequest.rawValue,
            message: "Each line has to be one whole JSON object. At byte \(error.offset) of this "
                + "one: \(error.reason)")
    }

    private static func reference(in document: [UInt8]) -> String? {
        let root = try? JSONDocument.parse(document).root
        return root?["reference_id"]?.string
    }
}
