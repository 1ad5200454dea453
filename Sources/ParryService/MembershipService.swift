package import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// Use cases of memberships (CONTRACT.md 5).
package struct MembershipService: Sendable {
    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// Who is to become a member.
    package struct Draft: Sendable {
        package let organisationID: String
        package let firstName: String
        package let lastName: String
        package let email: String
        package let settings: Membership.Settings

        package init(
            organisationID: String, firstName: String, lastName: String, email: String,
            settings: Membership.Settings
        ) {
            self.organisationID = organisationID
            self.firstName = firstName
            self.lastName = lastName
            self.email = email
            self.settings = settings
        }
    }

    /// - Throws: ``NotFound`` for an organisation that the key does not see, ``MembershipError``.
    package func create(
        _ draft: Draft, by principal: Principal, now: Timestamp
    ) async throws -> Membership {
        do {
            return try await insert(draft, by: principal, now: now)
        } catch let error as DatabaseError where error.code == .uniqueViolation {
            // Another process made the same person a member meanwhile.
            throw MembershipError.alreadyExists
        }
    }

    private func insert(
        _ draft: Draft, by principal: Principal, now: Timestamp
    ) async throws -> Membership {
        try await database.write { tx in
            guard let organisation = OrganisationID(draft.organisationID) else {
                throw NotFound("organisation")
            }
            _ = try OrganisationService.load(organisation, by: principal, lock: .share, tx)
            let user = try MembershipStore.user(
                email: draft.email, of: principal.owner.partnerID, now: now, tx)
            if try MembershipStore.exists(user, in: organisation, tx) {
                throw MembershipError.alreadyExists
            }
            let moment = try OrganisationStore.moment(now, in: organisation, principal.mode, tx)
            let membership = Membership(
                id: .make(at: moment, slot: organisation.slot), organisationID: organisation,
                userID: user, firstName: draft.firstName, lastName: draft.lastName,
                email: draft.email, settings: draft.settings, createdAt: moment.shown,
                updatedAt: moment.shown,
                version: 1)
            try MembershipStore.insert(membership, tx)
            return membership
        }
    }

    /// - Throws: ``NotFound``.
    package func find(_ id: MembershipID, by principal: Principal) async throws -> Membership {
        try await database.lookUp { try Self.load(id, by: principal, $0) }
    }

    /// - Throws: ``NotFound`` for an organisation filter that the key does not see.
    package func list(
        of organisation: OrganisationID?, page: Page, by principal: Principal
    ) async throws -> Listing<Membership> {
        try await database.read { tx in
            if let organisation {
                _ = try OrganisationService.load(organisation, by: principal, tx)
            }
            return try MembershipStore.list(
                of: organisation, for: principal.owner, page: page, tx)
        }
    }

    /// Changes what `change` changes.
    ///
    /// - Throws: ``NotFound``.
    package func update(
        _ id: MembershipID, by principal: Principal, now: Timestamp,
        _ change: @escaping @Sendable (inout Membership.Settings) -> Void
    ) async throws -> Membership {
        try await database.write { tx in
            var membership = try Self.load(id, by: principal, lock: .update, tx)
            var settings = membership.settings
            change(&settings)
            let moment = try OrganisationStore.moment(
                now, in: membership.organisationID, principal.mode, tx)
            if membership.update(settings, now: moment.shown) {
                try MembershipStore.save(membership, tx)
            }
            return membership
        }
    }

    /// Ends a membership; the user keeps those in other organisations.
    ///
    /// - Throws: ``NotFound``.
    package func delete(_ id: MembershipID, by principal: Principal) async throws {
        try await database.write { tx in
            let membership = try Self.load(id, by: principal, lock: .update, tx)
            try MembershipStore.delete(membership, tx)
            return membership
        }
    }

    private static func load(
        _ id: MembershipID, by principal: Principal, lock: RowLock = .none,
        _ tx: any ReadTransaction
    ) throws -> Membership {
        let found = try MembershipStore.find(id, for: principal.owner, lock: lock, tx)
        guard let found else { throw NotFound("membership") }
        return found
    }
}
