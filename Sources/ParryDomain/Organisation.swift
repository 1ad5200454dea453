package import ParryWire

/// One customer of a partner; everything else belongs to an organisation (CONTRACT.md 3).
package struct Organisation: Sendable, Hashable {
    package let id: OrganisationID
    package let partnerID: PartnerID
    package private(set) var name: String
    package let mode: AccountMode
    package let createdAt: Timestamp
    package private(set) var updatedAt: Timestamp
    package let version: Int64

    package init(
        id: OrganisationID, partnerID: PartnerID, name: String, mode: AccountMode,
        createdAt: Timestamp, updatedAt: Timestamp, version: Int64
    ) {
        self.id = id
        self.partnerID = partnerID
        self.name = name
        self.mode = mode
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    /// A new organisation in the mode of its partner; its random slot decides where its rows live.
    package static func create(name: String, partner: Partner, now: Timestamp) -> Organisation {
        let slot = Int.random(in: 0...IdentifierLayout.slotMax)
        return Organisation(
            id: .make(at: now, slot: slot), partnerID: partner.id,
            name: marked(name, mode: partner.mode), mode: partner.mode, createdAt: now,
            updatedAt: now, version: 1)
    }

    /// Gives another name; the TEST mark is applied again. Says whether anything changed.
    package mutating func rename(_ newName: String, now: Timestamp) -> Bool {
        let marked = Self.marked(newName, mode: mode)
        guard marked != name else { return false }
        name = marked
        updatedAt = now
        return true
    }

    /// TEST organisations carry `[TEST] ` in front of their name, once (CONTRACT.md 3).
    static func marked(_ name: String, mode: AccountMode) -> String {
        guard mode == .test, !name.hasPrefix("[TEST]") else { return name }
        return "[TEST] " + name
    }
}

/// Why an organisation's change is refused.
package enum OrganisationError: Error, Equatable {
    /// Only admin groups create organisations (CONTRACT.md 21, row 10).
    case adminGroupRequired
    /// It still has merchants (CONTRACT.md 21, row 9).
    case hasMerchants
}
