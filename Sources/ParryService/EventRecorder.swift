import ParryDatabase
import ParryDomain
import ParryStore
import ParryWire

/// A resource whose changes are told by webhooks.
protocol EventSubject: WireObject {
    var organisationID: OrganisationID { get }
    var objectID: String { get }
    static var created: EventType { get }
    static var updated: EventType { get }
    /// The version of the API whose shape `data.object` has (CONTRACT.md 15.3).
    static var apiVersion: String { get }
    /// Until when somebody has to do something about it; nil when nothing waits.
    var deadline: Timestamp? { get }
}

extension EventSubject {
    var deadline: Timestamp? { nil }
}

extension Enrolment: EventSubject {
    var objectID: String { id.text }
    static var created: EventType { .enrolmentCreated }
    static var updated: EventType { .enrolmentUpdated }
    static var apiVersion: String { "v2" }
}

extension Alert: EventSubject {
    var objectID: String { id.text }
    var deadline: Timestamp? { state.status == .actionRequired ? actionRequiredDeadline : nil }
    static var created: EventType { .alertCreated }
    static var updated: EventType { .alertUpdated }
    static var apiVersion: String { "v1" }
}

extension SchemeNotice: EventSubject {
    var objectID: String { id.text }
    static var created: EventType { .schemeNoticeCreated }
    static var updated: EventType { .schemeNoticeUpdated }
    static var apiVersion: String { "v1" }
}

extension Lookup: EventSubject {
    var objectID: String { id.text }
    static var created: EventType { .lookupCreated }
    static var updated: EventType { .lookupUpdated }
    static var apiVersion: String { "v1" }
}

/// Writes what happened into the caller's transaction: event and deliveries commit with the change or
/// not at all.
struct EventRecorder {
    let partnerID: PartnerID
    let now: Moment

    /// Tells that the subject is new.
    func created<Subject: EventSubject>(
        _ subject: Subject, _ tx: any WriteTransaction
    ) throws {
        try append(subject, Subject.created, subject.json(links: false), tx)
    }

    /// Tells what changed, or nothing when a reader could see no difference.
    func updated<Subject: EventSubject>(
        from old: Subject, to new: Subject, _ tx: any WriteTransaction
    ) throws {
        guard let event = try update(from: old, to: new) else { return }
        try EventStore.append([event], tx)
    }

    /// What would be told; nil when a reader could see no difference.
    func update<Subject: EventSubject>(
        from old: Subject, to new: Subject
    ) throws -> EventStore.New? {
        let object = new.json(links: false)
        let previous = try Self.changedMembers(from: old.json(links: false), to: object)
        guard !previous.isEmpty else { return nil }
        return event(about: new, Subject.updated, object, previous: previous)
    }

    /// Tells that the deadline of an open alert comes near.
    func reminded(of alert: Alert, _ tx: any WriteTransaction) throws {
        try append(
            alert, .alertDeadlineApproaching, alert.json(links: false), tx)
    }

    /// Tells that somebody has to look at an alert.
    func flagged(_ alert: Alert, _ tx: any WriteTransaction) throws {
        try append(alert, .alertNeedsAttention, alert.json(links: false), tx)
    }

    private func append<Subject: EventSubject>(
        _ subject: Subject, _ type: EventType, _ object: [UInt8], _ tx: any WriteTransaction
    ) throws {
        try EventStore.append([event(about: subject, type, object, previous: nil)], tx)
    }

    private func event<Subject: EventSubject>(
        about subject: Subject, _ type: EventType, _ object: [UInt8],
        previous: [(name: String, value: JSONValue)]?
    ) -> EventStore.New {
        let id = EventID.make(at: now.real, slot: subject.organisationID.slot)
        var json = JSONWriter(capacity: object.count + 512)
        json.beginObject()
        json.field("id", id.text)
        json.field("type", type)
        json.field("created_at", now.shown.truncatedToSecond)
        json.key("data")
        json.beginObject()
        json.key("object")
        json.raw(object)
        if let previous { Self.write(previous, to: &json) }
        json.endObject()
        json.field("api_version", Subject.apiVersion)
        json.endObject()
        return EventStore.New(
            Event(
                id: id, organisationID: subject.organisationID, partnerID: partnerID, type: type,
                objectID: subject.objectID, body: json.bytes, createdAt: now.shown),
            deadline: now.real(of: subject.deadline), dueAt: now.real)
    }

    /// The members whose value changed, with their old values. `updated_at` goes without saying, and of `attention` other
    /// events tell.
    private static func changedMembers(
        from old: [UInt8], to new: [UInt8]
    ) throws -> [(name: String, value: JSONValue)] {
        let newRoot = try JSONDocument.parse(new).root
        return try JSONDocument.parse(old).root.members.filter { member in
            !["updated_at", "attention"].contains(member.name)
                && newRoot[member.name]?.raw != member.value.raw
        }
    }

    private static func write(
        _ previous: [(name: String, value: JSONValue)], to json: inout JSONWriter
    ) {
        json.key("previous_attributes")
        json.beginObject()
        for member in previous {
            json.key(member.name)
            json.raw(member.value.raw)
        }
        json.endObject()
    }
}
