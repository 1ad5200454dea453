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

/// What a valid API key says about a request, and nothing else.
package struct Principal: Sendable, Hashable {
    package let keyID: APIKeyID
    package let owner: Owner
    package let mode: AccountMode
    package let abilities: Set<Ability>
    /// Requests a minute and endpoint, where the operator set another limit than the server's.
    package let rateLimit: Int?

    package init(
        keyID: APIKeyID, owner: Owner, mode: AccountMode, abilities: Set<Ability>,
        rateLimit: Int? = nil
    ) {
        self.keyID = keyID
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
            keyID: .init(stored: "operator"),
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
