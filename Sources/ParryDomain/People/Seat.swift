package import ParryWire

/// As what a person works in an account.
package enum SeatRole: String, Sendable, Hashable, CaseIterable {
    /// Runs the installation.
    case `operator` = "OPERATOR"
    /// A member of the partner's admin group.
    case partnerAdministrator = "PARTNER_ADMINISTRATOR"
    /// A member of a restricted group.
    case groupMember = "GROUP_MEMBER"
    /// A member of the organisation, with its settings.
    case organisationAdmin = "ADMIN"
    /// A member of the organisation who works its alerts.
    case organisationStandard = "STANDARD"

    /// What the role may do.
    package var powers: Set<Power> {
        switch self {
        case .operator: Set(Power.allCases)
        case .partnerAdministrator: Set(Power.allCases).subtracting([.installation])
        case .groupMember: [.view, .act, .integrations, .setUp, .rules, .webhooks]
        case .organisationAdmin:
            [.view, .act, .integrations, .rules, .webhooks, .keys, .people, .audit]
        case .organisationStandard: [.view, .act]
        }
    }
}

/// One thing that a page of the dashboard shows or does.
package enum Power: String, Sendable, Hashable, CaseIterable {
    /// Sees alerts, orders, enrolments and how they go.
    case view
    /// Acts on alerts.
    case act
    /// Opens and changes order feeds.
    case integrations
    /// Opens merchants, enrols them, and changes organisations.
    case setUp
    /// Opens organisations.
    case organisations
    /// Writes the rules by which alerts are decided.
    case rules
    /// Adds and changes webhook endpoints, and sees their secrets.
    case webhooks
    /// Makes and revokes API keys.
    case keys
    /// Says who belongs to the account.
    case people
    /// Sees who changed what.
    case audit
    /// Opens partners and sees the whole installation.
    case installation
}

/// An account that a person may work in, and as what.
package struct Seat: Sendable, Hashable {
    package let owner: Owner
    package let role: SeatRole
    package let mode: AccountMode
    /// Of the partner, the group or the organisation.
    package let name: String
    /// The partner above it, where that has another name.
    package let partnerName: String

    package init(
        owner: Owner, role: SeatRole, mode: AccountMode, name: String, partnerName: String
    ) {
        self.owner = owner
        self.role = role
        self.mode = mode
        self.name = name
        self.partnerName = partnerName
    }

    /// What addresses of pages call the account: all of a partner by the partner's id.
    package var id: String {
        switch owner {
        case .adminGroup(_, let partner): partner.text
        case .restrictedGroup(let group, _): group.text
        case .organisation(let organisation, _): organisation.text
        }
    }

    /// Whether the role may do this here. What belongs to a partner is not in an organisation's account.
    package func allows(_ power: Power) -> Bool {
        role.powers.contains(power)
            && (owner.isPartnerLevel || ![.setUp, .organisations].contains(power))
    }

    /// The person at work in this account.
    package func principal(of person: PersonID) -> Principal {
        Principal(
            actor: .person(person), owner: owner, mode: mode, abilities: Set(Ability.allCases))
    }
}
