package import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// Partners and their groups: the operator's side of the accounts.
package struct AccountService: Sendable {
    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// Opens a partner account with its admin group.
    package func createPartner(
        name: String, mode: AccountMode, now: Timestamp
    ) async throws -> (partner: Partner, adminGroup: PartnerGroup) {
        let partner = Partner(id: .make(at: now, slot: 0), name: name, mode: mode, createdAt: now)
        let group = PartnerGroup(
            id: .make(at: now, slot: 0), partnerID: partner.id, name: "Administrators",
            isAdmin: true, createdAt: now)
        try await database.write { tx in
            try AccountStore.insert(partner, tx)
            try AccountStore.insert(group, organisations: [], tx)
            return partner
        }
        return (partner, group)
    }

    /// Partners whose name holds a text, newest first.
    package func partners(
        name: String, page: Page
    ) async throws -> Listing<AccountStore.Summary> {
        try await database.read { try AccountStore.partners(name: name, page: page, $0) }
    }

    /// Sets how many requests a minute and endpoint the partner's keys may send; nil for the server's own
    /// limit. Running servers know it within ``Limits/keyCacheMilliseconds``.
    ///
    /// - Throws: ``NotFound``.
    package func setRateLimit(_ limit: Int64?, ofPartner id: PartnerID) async throws {
        try await database.write { tx in
            guard try AccountStore.setRateLimit(limit, of: id, tx) else {
                throw NotFound("partner")
            }
        }
    }

    /// Sets how many requests a minute and endpoint the organisation's keys may send; nil for its
    /// partner's limit.
    ///
    /// - Throws: ``NotFound``.
    package func setRateLimit(_ limit: Int64?, ofOrganisation id: OrganisationID) async throws {
        try await database.write { tx in
            guard try OrganisationStore.setRateLimit(limit, of: id, tx) else {
                throw NotFound("organisation")
            }
        }
    }

    /// What is set for an organisation, after some of it was set anew.
    ///
    /// - Parameter changes: Names and values.
    /// - Throws: ``NotFound``, ``OrganisationSettings/Invalid``.
    package func settings(
        of id: OrganisationID, setting changes: [(name: String, value: String)]
    ) async throws -> OrganisationSettings {
        try await database.write { tx in
            guard var settings = try OrganisationStore.settings(of: id, lock: .update, tx) else {
                throw NotFound("organisation")
            }
            let schedule = settings.schedule
            for change in changes { try settings.set(change.name, to: change.value) }
            if !changes.isEmpty { try OrganisationStore.setSettings(settings, of: id, tx) }
            if settings.schedule != schedule { try AlertStore.makeDue(of: id, tx) }
            return settings
        }
    }

    /// Adds a restricted group that sees the given organisations of its partner.
    ///
    /// - Throws: ``NotFound`` for an unknown partner, or an organisation that is not the partner's.
    package func createGroup(
        partner: PartnerID, name: String, organisations: [OrganisationID], now: Timestamp
    ) async throws -> PartnerGroup {
        try await database.write { tx in
            guard try AccountStore.partner(partner, tx) != nil else { throw NotFound("partner") }
            for id in organisations {
                guard try AccountStore.partner(ofOrganisation: id, tx) == partner else {
                    throw NotFound("organisation")
                }
            }
            let group = PartnerGroup(
                id: .make(at: now, slot: 0), partnerID: partner, name: name, isAdmin: false,
                createdAt: now)
            try AccountStore.insert(group, organisations: organisations, tx)
            return group
        }
    }
}
