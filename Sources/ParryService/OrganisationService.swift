package import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// Use cases of organisations (CONTRACT.md 3).
package struct OrganisationService: Sendable {
    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// Opens an organisation under the key's partner, in the partner's mode.
    ///
    /// - Throws: ``OrganisationError/adminGroupRequired`` for a restricted group.
    package func create(
        name: String, by principal: Principal, now: Timestamp
    ) async throws -> Organisation {
        let partnerID = try admit(principal)
        return try await database.write { tx in
            guard let partner = try AccountStore.partner(partnerID, tx) else {
                throw NotFound("partner")
            }
            let organisation = Organisation.create(name: name, partner: partner, now: now)
            try OrganisationStore.insert(organisation, tx)
            return organisation
        }
    }

    /// The partner under which the key may open organisations.
    ///
    /// - Throws: ``OrganisationError/adminGroupRequired`` for a restricted group.
    @discardableResult
    package func admit(_ principal: Principal) throws(OrganisationError) -> PartnerID {
        guard case .adminGroup(_, let partnerID) = principal.owner else {
            throw .adminGroupRequired
        }
        return partnerID
    }

    /// - Throws: ``NotFound``.
    package func find(
        _ id: OrganisationID, by principal: Principal
    ) async throws -> Organisation {
        try await database.lookUp { try Self.load(id, by: principal, $0) }
    }

    /// The page of organisations that the key sees.
    ///
    /// - Parameter name: Only those whose name holds this text, without regard to case.
    package func list(
        name: String? = nil, page: Page, by principal: Principal
    ) async throws -> Listing<Organisation> {
        try await database.read {
            try OrganisationStore.list(for: principal.owner, name: name, page: page, $0)
        }
    }

    /// What organisations are called; without those that the principal does not see.
    package func names(
        of ids: [OrganisationID], by principal: Principal
    ) async throws -> [OrganisationID: String] {
        try await database.lookUp { try OrganisationStore.names(of: ids, for: principal.owner, $0) }
    }

    /// What the operator set for an organisation.
    ///
    /// - Throws: ``NotFound``.
    package func settings(
        of id: OrganisationID, by principal: Principal
    ) async throws -> OrganisationSettings {
        try await database.lookUp { tx in
            _ = try Self.load(id, by: principal, tx)
            return try OrganisationStore.settings(of: id, tx) ?? .standard
        }
    }

    /// Renames.
    ///
    /// - Parameter seen: The version that the caller was shown, where it must not have changed since.
    /// - Throws: ``NotFound``, ``ChangedMeanwhile``.
    package func rename(
        _ id: OrganisationID, to name: String, seen: Int64? = nil, by principal: Principal,
        now: Timestamp
    ) async throws -> Organisation {
        try await database.write { tx in
            var organisation = try Self.load(id, by: principal, lock: .update, tx)
            try ChangedMeanwhile.refuse(seen: seen, instead: organisation.version)
            if organisation.rename(name, now: now) {
                try OrganisationStore.save(organisation, tx)
            }
            return organisation
        }
    }

    /// Marks as deleted.
    ///
    /// - Throws: ``NotFound``, or ``OrganisationError/hasMerchants``.
    package func delete(
        _ id: OrganisationID, by principal: Principal, now: Timestamp
    ) async throws {
        try await database.write { tx in
            let organisation = try Self.load(id, by: principal, lock: .update, tx)
            if try MerchantStore.exists(in: id, tx) { throw OrganisationError.hasMerchants }
            try OrganisationStore.markDeleted(organisation, now: now, tx)
            return organisation
        }
    }

    /// The organisation that a simulation names.
    ///
    /// - Throws: ``NotFound``, ``SimulationError/organisationNotTestMode``.
    static func forSimulation(
        _ text: String, by principal: Principal, _ tx: any ReadTransaction
    ) throws -> Organisation {
        guard let id = OrganisationID(text) else { throw NotFound("organisation") }
        let organisation = try load(id, by: principal, lock: .share, tx)
        guard principal.mode == .test else { throw SimulationError.organisationNotTestMode }
        return organisation
    }

    static func load(
        _ id: OrganisationID, by principal: Principal, lock: RowLock = .none,
        _ tx: any ReadTransaction
    ) throws -> Organisation {
        let found = try OrganisationStore.find(id, for: principal.owner, lock: lock, tx)
        guard let found else { throw NotFound("organisation") }
        return found
    }
}
