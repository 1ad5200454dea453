package import Logging
import ParryWire

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Writes log lines as JSON objects to standard error, one a line and one system call each.
package struct JSONLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level

    package init(level: Logger.Level) {
        logLevel = level
    }

    /// A fact that every line of this logger carries.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line; facts of the event come after those of the logger.
    package func log(event: LogEvent) {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.field("time", Self.now())
        json.field("level", event.level)
        json.field("message", event.message.description)
        for (key, value) in metadata { Self.add(key, value, to: &json) }
        for (key, value) in event.metadata ?? [:] { Self.add(key, value, to: &json) }
        json.endObject()
        let line = json.bytes + [UInt8(ascii: "\n")]
        line.withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    private static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
            milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// The server library calls the request's id by its own name; ours is that of the answer's header.
    private static func add(_ key: String, _ value: Logger.MetadataValue, to json: inout JSONWriter)
    {
        json.key(key == "hb.request.id" ? "request_id" : key)
        switch value {
        case .string(let text): json.string(text)
        case .stringConvertible(let fact):
            let text = fact.description
            if let number = Int64(text) { json.integer(number) } else { json.string(text) }
        case .array, .dictionary: json.string(value.description)
        }
    }
}
