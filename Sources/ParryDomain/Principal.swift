package import ParryWire

/// Who owns a key, and with it which organisations a request may see (CONTRACT.md 2.2).
package enum Owner: Sendable, Hashable {
    /// Sees every organisation of the partner.
    case adminGroup(PartnerGroupID, partner: PartnerID)
    /// Sees the organisations that are assigned to the group.
    case restrictedGroup(PartnerGroupID, partner: PartnerID)
    /// Sees itself.
    case organisation(OrganisationID, partner: PartnerID)

    /// The partner above the owner.
    package var partnerID: PartnerID {
        switch self {
        case .adminGroup(_, let partner), .restrictedGroup(_, let partner),
            .organisation(_, let partner):
            partner
        }
    }

    /// Whether partner-only endpoints are open to it.
    package var isPartnerLevel: Bool {
        if case .organisation = self { false } else { true }
    }

    /// The id that rate limits and idempotency belong to (CONTRACT.md 21, row 52).
    package var id: String {
        switch self {
        case .adminGroup(let group, _), .restrictedGroup(let group, _): group.text
        case .organisation(let organisation, _): organisation.text
        }
    }
}

/// Who does something: what the audit log calls it.
package enum Actor: Sendable, Hashable {
    case key(APIKeyID)
    case person(PersonID)
    /// Who runs the installation, at its commands.
    case command
    /// Somebody at the page to sign in, whoever it is.
    case visitor

    /// As it is stored: an id, `command` or `visitor`.
    package var id: String {
        switch self {
        case .key(let id): id.text
        case .person(let id): id.text
        case .command: "command"
        case .visitor: "visitor"
        }
    }
}

/// What a valid API key or a session says about a request, and nothing else.
package struct Principal: Sendable, Hashable {
    package let actor: Actor
    package let owner: Owner
    package let mode: AccountMode
    package let abilities: Set<Ability>
    /// Requests a minute and endpoint, where the operator set another limit than the server's.
    package let rateLimit: Int?

    package init(
        actor: Actor, owner: Owner, mode: AccountMode, abilities: Set<Ability>,
        rateLimit: Int? = nil
    ) {
        self.actor = actor
        self.owner = owner
        self.mode = mode
        self.abilities = abilities
        self.rateLimit = rateLimit
    }
}

extension Principal {
    /// Who runs the installation, at its commands: sees all of the partner.
    package static func `operator`(of partner: PartnerID) -> Principal {
        Principal(
            actor: .command,
            owner: .adminGroup(.init(stored: "operator"), partner: partner), mode: .live,
            abilities: Set(Ability.allCases))
    }
}

/// The named thing does not exist or is out of the key's scope; which of the two is not told
/// (CONTRACT.md 1.2).
package struct NotFound: Error, Equatable {
    /// The kind of thing, for the message: `organisation`.
    package let resource: String

    package init(_ resource: String) {
        self.resource = resource
    }
}
