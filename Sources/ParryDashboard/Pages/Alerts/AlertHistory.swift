import ParryDomain
import ParryService
import ParryWire

// Three things tell of an alert's life: events, each with what it changed; the audit log, which knows who did something;
// and what the network was told. An event and the line of the log that belongs to it commit together, so they are put
// together by their times. Events may be gone by retention: what is missing is left out, nothing is guessed.

/// What happened to an alert and who did it, oldest first.
struct AlertHistory: Sendable {
    /// One thing that happened.
    struct Entry: Sendable {
        /// As its organisation shows it.
        let at: Timestamp
        /// When it really was: the order of the list.
        let real: Timestamp
        let title: String
        var actor: String?
        var detail: String?
        var ruleset: RulesetID?
        /// By this the alert ended, or became invalid.
        var isEnding = false
        /// By this it got its sale, or lost it.
        var isMatch = false
        /// What is still to come.
        var isAhead = false
        /// The event that told partners of it.
        var event: EventID?
    }

    let entries: [Entry]

    /// What is known.
    struct Facts: Sendable {
        let alert: Alert
        /// By how many milliseconds its organisation's clock is ahead.
        var lead: Int64 = 0
        var isSimulated = false
        var alertedAt: Timestamp?
        /// Why it is invalid, in words, for who is told that.
        var invalidity: String?
        var seesReasons = true
        var decision: RulesetDecision?
        /// Oldest first.
        var changes: [AlertChange] = []
        /// Oldest first.
        var doings: [Doing] = []
        var told: [AlertDossier.Told] = []
    }

    /// A line of the audit log.
    struct Doing: Sendable {
        let at: Timestamp
        /// In words.
        let actor: String
        let action: String
        /// What was asked for, as JSON; empty where nobody wrote it down.
        var detail = ""

        /// Whether somebody chose the alert's sale.
        var isChoice: Bool { action.hasSuffix(".match") }
    }

    /// The list.
    init(_ facts: Facts) {
        let writer = AlertHistoryWriter(facts)
        let all = writer.entries.enumerated().sorted {
            ($0.element.real, $0.offset) < ($1.element.real, $1.offset)
        }
        entries = all.map(\.element)
    }

    /// By what the alert ended; nil while it is open, and where that is not known any more.
    var ending: Entry? { entries.last(where: \.isEnding) }

    /// What last changed its status or its sale.
    var lastTurn: Entry? { entries.last { $0.isEnding || $0.isMatch } }

    /// Who wrote the note that it has.
    var noteWriter: String? {
        entries.last { $0.title == AlertHistoryWriter.noteTitle }?.actor
    }
}

/// An event of an alert with what it changed.
struct AlertChange: Sendable {
    let id: EventID
    let type: EventType
    /// As the organisation shows it.
    let at: Timestamp
    /// Texts of the members that changed, as they were; nil for null.
    let before: [String: String?]
    /// Texts of all members.
    let after: [String: String]
    var attention: AttentionReason?

    init(
        id: EventID, type: EventType, at: Timestamp, before: [String: String?] = [:],
        after: [String: String] = [:], attention: AttentionReason? = nil
    ) {
        self.id = id
        self.type = type
        self.at = at
        self.before = before
        self.after = after
        self.attention = attention
    }

    /// Reads what was told of it; nil when the body cannot be read.
    init?(_ event: Event) {
        guard let data = try? JSONDocument.parse(event.body).root["data"],
            let object = data["object"]
        else { return nil }
        var before: [String: String?] = [:]
        if let previous = data["previous_attributes"] {
            for member in previous.members {
                before.updateValue(member.value.string, forKey: member.name)
            }
        }
        var after: [String: String] = [:]
        for member in object.members { after[member.name] = member.value.string }
        self.init(
            id: event.id, type: event.type, at: event.createdAt, before: before, after: after,
            attention: object["attention"]?["reason"]?.string.flatMap(AttentionReason.init))
    }

    /// When it really was.
    var real: Timestamp { id.createdAt }

    func changes(_ member: String) -> Bool { before.keys.contains(member) }
}
