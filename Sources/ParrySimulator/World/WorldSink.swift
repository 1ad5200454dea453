/// The files of a world.
package enum WorldFile: String, Sendable, CaseIterable {
    /// The manifest: one object on one line.
    case manifest = "world.json"
    /// One order a line, ready for the array of `POST /v1/orders`.
    case orders = "orders.jsonl"
    /// Orders that are uploaded only after their alert.
    case lateOrders = "late-orders.jsonl"
    /// `{"organisation_id", "integration_id", "reference_id", "body"}`: what is patched after the
    /// upload.
    case patches = "patches.jsonl"
    /// `{"network", "message"}` by the time of sending.
    case alerts = "alerts.jsonl"
    /// What is true of each alert: ``AlertTruth``.
    case truth = "truth.jsonl"
    /// `date,currency,usd_per_unit`, with its heading.
    case rates = "rates.csv"
}

/// Where a world goes, line by line; nothing comes twice and nothing is read back.
package protocol WorldSink {
    /// Takes one line without its line end. Lines of one file come in order; files are interleaved.
    mutating func write(_ line: [UInt8], to file: WorldFile) throws

    /// Takes note that the last line was written.
    mutating func finish() throws
}
