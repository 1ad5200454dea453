/// A place in the feed of events: one of its ends, or behind what was read.
public struct EventCursor: Sendable, Hashable, Codable, CustomStringConvertible {
    /// As it travels, such as `cur_…`.
    public let text: String

    /// A cursor that was kept.
    public init(_ text: String) {
        self.text = text
    }

    /// Before all events that are kept.
    public static let oldest = EventCursor("oldest")
    /// Behind all events that there are.
    public static let latest = EventCursor("latest")

    public init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    /// Writes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    public var description: String { text }
}

/// A page of the feed of events.
public struct EventPage: Decodable, Sendable, Hashable {
    /// The oldest first; can be empty.
    public let items: [WebhookEvent]
    /// Where to go on. Keep it together with what you did about the items.
    public let nextCursor: EventCursor
    /// Whether there are more already; otherwise ask again after a pause.
    public let hasMore: Bool

    enum CodingKeys: String, CodingKey {
        case items
        case nextCursor = "next_cursor"
        case hasMore = "has_more"
    }
}
