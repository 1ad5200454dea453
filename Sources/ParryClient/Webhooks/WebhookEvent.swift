public import ParryWire

/// What happened to a resource: the body of a webhook, and an item of the list and of the feed of events.
///
/// Events can come twice and in another order: remember the ``id``, and read the resource before you do what cannot be
/// undone.
public struct WebhookEvent: Decodable, Sendable, Hashable, Identifiable {
    public let id: EventID
    public let type: Word<EventType>
    public let createdAt: Timestamp
    /// `v2` for enrolments, `v1` for everything else.
    public let apiVersion: String?
    /// The resource as it was at that moment.
    public let content: Content
    /// The names of the members that changed, as the API writes them; of `*.updated` only.
    public let previousAttributes: [String]

    /// What an event is about, by the part of its type before the dot.
    public enum Content: Sendable, Hashable {
        case alert(Alert)
        case enrolment(Enrolment)
        case schemeNotice(SchemeNotice)
        case lookup(Lookup)
        /// A test of the endpoint, or something that this version does not know.
        case other
    }

    /// Reads an event.
    ///
    /// - Throws: `DecodingError` where it is none, or its object is not what its type says.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(EventID.self, forKey: .id)
        type = try container.decode(Word<EventType>.self, forKey: .type)
        createdAt = try container.decode(Timestamp.self, forKey: .createdAt)
        apiVersion = try container.decodeIfPresent(String.self, forKey: .apiVersion)
        let data = try container.nestedContainer(keyedBy: DataKeys.self, forKey: .data)
        content = try Self.content(of: type, in: data)
        previousAttributes = try Self.names(in: data)
    }

    private enum CodingKeys: String, CodingKey {
        case id, type, data
        case createdAt = "created_at"
        case apiVersion = "api_version"
    }

    private enum DataKeys: String, CodingKey {
        case object
        case previousAttributes = "previous_attributes"
    }

    /// A member whatever its name.
    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) { nil }
    }

    private static func content(
        of type: Word<EventType>, in data: KeyedDecodingContainer<DataKeys>
    ) throws -> Content {
        switch type.text.prefix(while: { $0 != "." }) {
        case "alert": .alert(try data.decode(Alert.self, forKey: .object))
        case "enrolment": .enrolment(try data.decode(Enrolment.self, forKey: .object))
        case "scheme_notice": .schemeNotice(try data.decode(SchemeNotice.self, forKey: .object))
        case "lookup": .lookup(try data.decode(Lookup.self, forKey: .object))
        default: .other
        }
    }

    /// Sorted, because JSON gives members no order.
    private static func names(in data: KeyedDecodingContainer<DataKeys>) throws -> [String] {
        guard data.contains(.previousAttributes),
            try !data.decodeNil(forKey: .previousAttributes)
        else { return [] }
        return try data.nestedContainer(keyedBy: AnyKey.self, forKey: .previousAttributes)
            .allKeys.map(\.stringValue).sorted()
    }
}
