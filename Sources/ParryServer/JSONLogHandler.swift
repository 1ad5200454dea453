import Foundation
package import Logging
import ParryWire

/// Writes log lines as JSON objects to standard error, one a line.
package struct JSONLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    private let label: String

    package init(label: String, level: Logger.Level) {
        self.label = label
        logLevel = level
    }

    /// A fact that every line of this logger carries.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line; facts of the event win over those of the logger.
    package func log(event: LogEvent) {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.field("time", Platform.now())
        json.field("level", event.level)
        json.field("message", event.message.description)
        let facts = metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 })
        for (key, value) in facts {
            json.key(key)
            json.string("\(value)")
        }
        json.endObject()
        FileHandle.standardError.write(Data(json.bytes + [UInt8(ascii: "\n")]))
    }
}
