import ParryWire

/// What the server judges of each order by itself, behind the schema, so that a file can be mended before it is sent.
/// Unlike the server this lists every reason.
enum FeedRules {
    static func errors(in order: RequestObject, documentBytes: Int) -> [FieldError] {
        let faults = OrderFaults(order)
        return errors(faults.missing, .missingField, "is required. Send it with a value.")
            + tooLarge(documentBytes)
            + errors(
                faults.repeatedTransactions, .duplicateTransaction,
                "is used by another transaction of this order.")
            + errors(
                faults.repeatedReferences, .invalidReference,
                "stands twice in its list. Send each reference once.")
            + errors(
                faults.danglingReferences, .invalidReference, "names nothing in this order.")
    }

    private static func errors(
        _ paths: [String], _ code: ErrorCode, _ sentence: String
    ) -> [FieldError] {
        paths.map { FieldError(field: $0, code: code.rawValue, message: "\($0) \(sentence)") }
    }

    private static func tooLarge(_ documentBytes: Int) -> [FieldError] {
        guard documentBytes > FeedLimits.documentBytesMax else { return [] }
        return [
            FieldError(
                field: "", code: ErrorCode.orderTooLarge.rawValue,
                message:
                    "The order has more than \(FeedLimits.documentBytesMax) bytes. Shorten its "
                    + "communications and descriptions.")
        ]
    }
}
