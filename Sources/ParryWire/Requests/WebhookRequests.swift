/// Bodies of `/v1/webhook-endpoints` (amendment 8).
public enum WebhookEndpointRequest {
    /// Absent or null: the endpoint of the whole partner, or of the key's own organisation.
    public static let organisationID = Field.identifier(
        "organisation_id", RequestLimits.reference)
    /// Free here, because the rule that a URL breaks is told in a sentence of its own.
    public static let url = Field.form("url", 1...2_048, secureURL, .required)
    public static let eventTypes = Field.words(
        "event_types", words(EventType.self), 1...EventType.allCases.count, .required)
    public static let create = ObjectSchema(
        "WebhookEndpointCreate",
        [organisationID.declaration, url.declaration, eventTypes.declaration])

    /// Nearly what is taken: IPv6 addresses and very long names are left out.
    private static let secureURL =
        "^https://([A-Za-z0-9]([A-Za-z0-9-]{0,38}[A-Za-z0-9])?\\.){0,5}"
        + "[A-Za-z0-9]([A-Za-z0-9-]{0,38}[A-Za-z0-9])?(:([1-9][0-9]{0,3}|[1-5][0-9]{4}))?"
        + "([/?][!$%&'()*+,./0-9:;=?@A-Z_a-z~-]*)?$"

    /// The same members where a PATCH may leave them out.
    public static let newURL = Field.form("url", 1...2_048, secureURL, .nonNull)
    public static let newEventTypes = Field.words(
        "event_types", words(EventType.self), 1...EventType.allCases.count, .nonNull)
    public static let isPaused = Field.boolean("is_paused", .nonNull)
    public static let update = ObjectSchema(
        "WebhookEndpointUpdate",
        [newURL.declaration, newEventTypes.declaration, isPaused.declaration])

    /// Hours in which the former secret still signs.
    public static let overlapHours = Field.integer("overlap_hours", 0...168)
    public static let rotate = ObjectSchema("SecretRotation", [overlapHours.declaration])
}

/// The body of `POST /v1/webhook-redeliveries` (amendment 8).
public enum RedeliveryRequest {
    public static let endpointID = Field.identifier(
        "webhook_endpoint_id", RequestLimits.reference, .required)
    /// Absent: those that failed.
    public static let states = Field.words(
        "states", words(EndedDeliveryState.self), 1...EndedDeliveryState.allCases.count, .nonNull)
    /// The time of the event; both ends are included.
    public static let createdFrom = Field.timestamp("created_at_gte")
    public static let createdTo = Field.timestamp("created_at_lte")
    public static let create = ObjectSchema(
        "WebhookRedeliveryCreate",
        [
            endpointID.declaration, states.declaration, createdFrom.declaration,
            createdTo.declaration,
        ])
}
