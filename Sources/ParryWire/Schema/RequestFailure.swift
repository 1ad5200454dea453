/// Why a body was not accepted.
public enum RequestFailure: Error, Sendable {
    /// The bytes are not a JSON document (status 400).
    case malformed(JSONError)
    /// The document breaks the schema (status 422): at most 1,000 errors in document order.
    case invalid([FieldError])
    /// An otherwise valid body holds a full card number in the field at this path.
    ///
    /// Only ``ObjectSchema/decode(_:)`` throws it; of a batch each element tells for itself.
    case cardNumber(field: String)

    /// The most errors one answer lists.
    public static let errorsMax = 1_000
}

/// One offence against the schema.
public struct FieldError: Sendable, Equatable {
    /// The path of the value, such as `transactions[0].currency`; empty for the whole body.
    public let field: String

    /// The kind of offence in upper case, such as REQUIRED.
    public let code: String

    /// A sentence that says what to send; it never repeats the value.
    public let message: String

    /// Makes an error for the value at the path `field`.
    public init(field: String, code: String, message: String) {
        self.field = field
        self.code = code
        self.message = message
    }
}
