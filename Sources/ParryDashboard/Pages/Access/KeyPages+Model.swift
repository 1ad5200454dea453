import ParryDomain
import ParryService
import ParryWire

extension KeyPages {
    /// The list.
    struct Model: Sendable {
        let path: String
        /// What the exports keep of the address.
        let query: String
        let isFiltered: Bool
        let owner: String?
        let ignored: String?
        let states: [Choice]
        let keys: [Row]
        let pager: Pager
    }

    /// A key as it is shown.
    struct Row: Sendable {
        let path: String
        let id: String
        let name: String
        let ownerKind: String
        let ownerName: String
        let abilities: [String]
        let abilityCount: String
        let createdAt: TimeText
        let expiresAt: TimeText?
        let revokedAt: TimeText?
        let lastUsedAt: TimeText?
        let state: String
        /// The colour of the state.
        let tone: String
        let isActive: Bool

        init(_ managed: KeyService.Managed, path: String, at now: Timestamp) {
            let key = managed.key
            self.path = "\(path)/\(key.id.text)"
            id = key.id.text
            name = key.name.isEmpty ? "Without a name" : key.name
            ownerKind = key.owner.kind
            ownerName = managed.ownerName ?? "deleted, so the key opens nothing"
            abilities = Self.abilities(of: key)
            abilityCount = abilities.count == 1 ? "1 ability" : "\(abilities.count) abilities"
            createdAt = TimeText(key.createdAt)
            expiresAt = TimeText(key.expiresAt)
            revokedAt = TimeText(key.revokedAt)
            lastUsedAt = TimeText(key.lastUsedAt)
            let state = managed.state(at: now)
            self.state = state.label
            tone = state.tone
            isActive = state == .active
        }

        /// In words, those of every key included.
        static func abilities(of key: APIKey) -> [String] {
            key.abilities.union(Ability.always).map(\.rawValue).sorted()
        }
    }

    /// A key with what is done to it, and the confirmation of that.
    struct KeyModel: Sendable {
        let key: Row
        let listPath: String
        /// Of a rotation: when the old one ends.
        var overlap: FormField?
        var once = ""
    }

    /// What is shown once.
    struct MadeModel: Sendable {
        let key: Row
        let secret: String
        /// Tries the key.
        let command: String
        let listPath: String
        /// Of a rotation: when the old key ends, in words.
        let former: String?
        let isTest: Bool
    }
}

extension APIKeyState {
    var label: String {
        switch self {
        case .active: "Active"
        case .expired: "Expired"
        case .revoked: "Revoked"
        case .organisationDeleted: "Organisation deleted"
        }
    }

    /// The class of its chip.
    var tone: String {
        switch self {
        case .active: "good"
        case .expired: "warn"
        case .revoked, .organisationDeleted: "bad"
        }
    }
}

extension Owner {
    /// What it is, for who manages its keys.
    var kind: String {
        switch self {
        case .adminGroup: "Admin group"
        case .restrictedGroup: "Group"
        case .organisation: "Organisation"
        }
    }
}
