/// The bounds of reading a feed, each with its reason.
package enum FeedLimits {
    /// What is read at once: enough that system calls cost nothing, little enough to stay in cache.
    package static let chunkBytes = 256 * 1_024
    /// A record of the file, and all rows of one order together: eight times what an order may have, so
    /// that only what is no order is cut off.
    package static let recordBytesMax = 1_024 * 1_024
    /// The document of one order, as the server holds it (ORDER_TOO_LARGE).
    package static let documentBytesMax = 128 * 1_024
    /// Consecutive rows that make one order: two full nested lists (500 elements each).
    package static let rowsPerOrderMax = 1_000
    /// Reasons listed against one order; who mends a hundred sees the rest the next time.
    package static let reasonsMax = 100
    /// Names of a header that a message lists.
    static let namesShown = 50
    /// Characters of a name in a message.
    static let nameShown = 60
    /// Digits of a number in a cell: more than any amount has, which the schema then judges.
    static let digitsMax = 30
}
