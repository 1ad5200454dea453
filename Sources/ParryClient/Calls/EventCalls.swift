public import ParryWire

/// `/v1/events`: what happened, sent to anybody or not.
public struct EventCalls: Sendable {
    let caller: Caller

    /// What a list of events is sorted by.
    public enum Sort: String, Sendable, CaseIterable {
        case newest = "-created_at"
        case oldest = "created_at"
    }

    /// All that the filters let through, the newest first unless told.
    ///
    /// - Parameters:
    ///   - objectID: The id of the resource that events are about.
    ///   - createdFrom: The first moment of `created_at`.
    ///   - createdTo: The last one; without a fraction it covers its whole second.
    public func list(
        organisationID: OrganisationID? = nil, type: EventType? = nil, objectID: String? = nil,
        createdFrom: Timestamp? = nil, createdTo: Timestamp? = nil, sort: Sort? = nil,
        pageSize: Int = 100
    ) -> Listing<WebhookEvent> {
        var query = Self.query(organisationID, type, objectID, createdFrom, createdTo)
        if let sort { query.add("sort", sort.rawValue) }
        return Listing(caller, "/v1/events", query, pageSize: pageSize)
    }

    /// The feed: every event once, in an order in which nothing is ever put in before a place that was shown.
    ///
    /// - Parameters:
    ///   - cursor: Where to begin.
    ///   - objectID: The id of the resource that events are about.
    public func feed(
        after cursor: EventCursor = .oldest, organisationID: OrganisationID? = nil,
        type: EventType? = nil, objectID: String? = nil, createdFrom: Timestamp? = nil,
        createdTo: Timestamp? = nil, pageSize: Int = 1_000
    ) -> EventFeed {
        let query = Self.query(organisationID, type, objectID, createdFrom, createdTo)
        return EventFeed(caller: caller, query: query, start: cursor, pageSize: pageSize)
    }

    /// Reads an event.
    public func get(_ id: EventID) async throws(ClientError) -> WebhookEvent {
        try await caller.get("/v1/events/\(id)")
    }

    private static func query(
        _ organisationID: OrganisationID?, _ type: EventType?, _ objectID: String?,
        _ createdFrom: Timestamp?, _ createdTo: Timestamp?
    ) -> Query {
        Query([
            "organisation_id": organisationID, "type": type?.rawValue, "object_id": objectID,
            "created_at_gte": createdFrom?.iso8601, "created_at_lte": createdTo?.iso8601,
        ])
    }
}

extension ParryClient {
    /// `/v1/events`.
    public var events: EventCalls { EventCalls(caller: caller) }
}
