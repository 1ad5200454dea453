import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// Two times of a filter, both included, in UTC: a day, a minute or a second each.
struct TimeRange: Sendable {
    private(set) var from: Timestamp?
    private(set) var to: Timestamp?
    /// The names of what could not be read.
    private(set) var ignored: [String] = []

    init(_ query: FormFields) {
        from = read(query, "from", isEnd: false)
        to = read(query, "to", isEnd: true)
        if let from, let to, from > to {
            self.to = nil
            ignored.append("to, which is before from")
        }
    }

    private mutating func read(_ query: FormFields, _ name: String, isEnd: Bool) -> Timestamp? {
        guard let text = query.text(name) else { return nil }
        let time = Self.time(text, isEnd: isEnd)
        if time == nil { ignored.append(name) }
        return time
    }

    /// Reads `2026-11-22`, `2026-11-22T10:30`, `2026-11-22T10:30:15` or a whole RFC 3339 time. An end covers all of its
    /// day, minute or second.
    static func time(_ text: String, isEnd: Bool) -> Timestamp? {
        let (rest, covered): (String, Int64) =
            switch text.utf8.count {
            case 10: ("T00:00:00Z", 86_400_000)
            case 16: (":00Z", 60_000)
            case 19: ("Z", 1_000)
            default: ("", 1)
            }
        let time = Timestamp(iso8601: text + rest)
        return isEnd ? time?.adding(milliseconds: covered - 1) : time
    }

    /// As an input of the kind `datetime-local` takes it.
    static func input(_ time: Timestamp?) -> String {
        time.map { String($0.truncatedToSecond.iso8601.prefix(19)) } ?? ""
    }
}

/// What the log of deliveries is asked for.
struct DeliveryQuery: Sendable {
    var filter = DeliveryStore.Filter()
    let ignored: [String]

    init(_ query: FormFields) {
        var reader = ListFilterReader(query)
        filter.state = reader.word("state")
        filter.eventType = reader.word("type")
        filter.eventID = reader.id("event_id")
        filter.behind = reader.id("behind")
        let range = TimeRange(query)
        (filter.createdFrom, filter.createdTo) = (range.from, range.to)
        ignored = reader.ignored + range.ignored
    }
}

/// What the list of events is asked for.
struct EventQuery: Sendable {
    var filter = EventStore.Filter()
    let ignored: [String]

    init(_ query: FormFields) {
        var reader = ListFilterReader(query)
        filter.type = reader.word("type")
        filter.organisationID = reader.id("organisation_id")
        filter.objectID = reader.text("object_id")
        let range = TimeRange(query)
        (filter.createdFrom, filter.createdTo) = (range.from, range.to)
        ignored = reader.ignored + range.ignored
    }
}
