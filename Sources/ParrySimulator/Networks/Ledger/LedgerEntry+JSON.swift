package import ParryWire

/// The entry as one JSON object without line ends: in `GET /ledger` and as a line of the ledger
/// file.
extension LedgerEntry {
    /// Writes the entry; members without a value are left out.
    package func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("sequence", sequence)
        writer.field("at", at)
        writer.field("network", network)
        writer.field("kind", kind)
        writer.field("subject", subject)
        if let exchange { writer.field("exchange", exchange) }
        if let attempt { writer.field("attempt", attempt) }
        if let milliseconds { writer.field("milliseconds", milliseconds) }
        if let status { writer.field("status", status) }
        if let word { writer.field("word", word) }
        if let note { writer.field("note", note) }
        writeBody(into: &writer)
        writer.endObject()
    }

    /// A body that is no JSON is shown as text, so that the line stays readable.
    private func writeBody(into writer: inout JSONWriter) {
        guard let body else { return }
        guard (try? JSONDocument.parse(body)) != nil else {
            let kept = body.prefix(SimulatorLimits.unreadableBytesKept)
            return writer.field("text", String(decoding: kept, as: UTF8.self))
        }
        writer.key("body")
        writer.raw(body.map { $0 == 0x0A || $0 == 0x0D ? UInt8(ascii: " ") : $0 })
    }

    /// The entry as a line, with its end.
    package var line: [UInt8] {
        var writer = JSONWriter(capacity: 256 + (body?.count ?? 0))
        write(into: &writer)
        return writer.bytes + [0x0A]
    }

    /// Reads a line back; nil when it is none of a ledger.
    package init?(line: [UInt8]) {
        guard let root = (try? JSONDocument.parse(line))?.root,
            let sequence = root["sequence"]?.integer,
            let at = root["at"]?.string.flatMap({ Timestamp(iso8601: $0) }),
            let network = root["network"]?.string.flatMap(Network.init(rawValue:)),
            let kind = root["kind"]?.string.flatMap(Kind.init(rawValue:)),
            let subject = root["subject"]?.string
        else { return nil }
        self.init(kind, network, subject: subject, at: at)
        self.sequence = sequence
        exchange = root["exchange"]?.integer
        attempt = root["attempt"]?.integer.flatMap { Int(exactly: $0) }
        milliseconds = root["milliseconds"]?.integer
        status = root["status"]?.integer.flatMap { Int(exactly: $0) }
        word = root["word"]?.string
        note = root["note"]?.string
        body = root["body"].map { Array($0.raw) } ?? root["text"]?.string.map { Array($0.utf8) }
    }
}
