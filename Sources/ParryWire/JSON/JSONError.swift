/// Says why bytes are not an acceptable JSON document, and where.
public struct JSONError: Error, Sendable, Equatable {
    /// The offset in bytes from the start of the body at which parsing stopped.
    public let offset: Int

    /// A sentence for the caller; it never quotes the input, which may hold personal data.
    public let reason: String

    /// Makes an error at `offset` (bytes from the start of the body).
    public init(offset: Int, reason: String) {
        self.offset = offset
        self.reason = reason
    }
}
