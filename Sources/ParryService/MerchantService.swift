package import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// Use cases of merchants (CONTRACT.md 4).
package struct MerchantService: Sendable {
    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// - Throws: ``NotFound`` for an organisation that the key does not see.
    package func create(
        _ details: Merchant.Details, in organisation: OrganisationID, by principal: Principal,
        now: Timestamp
    ) async throws -> Merchant {
        try await database.write { tx in
            _ = try OrganisationService.load(organisation, by: principal, lock: .share, tx)
            let merchant = Merchant.create(
                details, organisationID: organisation,
                now: try OrganisationStore.moment(now, in: organisation, principal.mode, tx))
            try MerchantStore.insert(merchant, tx)
            return merchant
        }
    }

    /// - Throws: ``NotFound``.
    package func find(_ id: MerchantID, by principal: Principal) async throws -> Merchant {
        try await database.lookUp { try Self.load(id, by: principal, $0) }
    }

    /// - Throws: ``NotFound`` for an organisation filter that the key does not see.
    package func list(
        _ filter: MerchantStore.Filter, page: Page, by principal: Principal
    ) async throws -> Listing<Merchant> {
        try await database.read { tx in
            if let id = filter.organisationID {
                _ = try OrganisationService.load(id, by: principal, tx)
            }
            return try MerchantStore.list(filter, for: principal.owner, page: page, tx)
        }
    }

    /// What merchants are called; without those that the principal does not see.
    package func names(
        of ids: [MerchantID], by principal: Principal
    ) async throws -> [MerchantID: String] {
        try await database.lookUp { try MerchantStore.names(of: ids, for: principal.owner, $0) }
    }

    /// Changes what `change` changes.
    ///
    /// - Parameter seen: The version that the caller was shown, where it must not have changed since.
    /// - Throws: ``NotFound``, ``MerchantError/typeChangeRestricted``, ``ChangedMeanwhile``.
    package func update(
        _ id: MerchantID, seen: Int64? = nil, by principal: Principal, now: Timestamp,
        _ change: @escaping @Sendable (inout Merchant.Details) -> Void
    ) async throws -> Merchant {
        try await database.write { tx in
            var merchant = try Self.load(id, by: principal, lock: .update, tx)
            try ChangedMeanwhile.refuse(seen: seen, instead: merchant.version)
            var details = merchant.details
            change(&details)
            let isLinked = try MerchantStore.isLinked(id, tx)
            let moment = try OrganisationStore.moment(
                now, in: merchant.organisationID, principal.mode, tx)
            if try merchant.update(details, isLinked: isLinked, now: moment.shown) {
                try MerchantStore.save(merchant, tx)
            }
            return merchant
        }
    }

    /// Marks as deleted.
    ///
    /// - Throws: ``NotFound``, ``MerchantError/deletionRestricted``.
    package func delete(
        _ id: MerchantID, by principal: Principal, now: Timestamp
    ) async throws {
        try await database.write { tx in
            let merchant = try Self.load(id, by: principal, lock: .update, tx)
            if try MerchantStore.isInUse(id, tx) { throw MerchantError.deletionRestricted }
            try MerchantStore.markDeleted(merchant, now: now, tx)
            return merchant
        }
    }

    static func load(
        _ id: MerchantID, by principal: Principal, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Merchant {
        let found = try MerchantStore.find(id, for: principal.owner, lock: lock, tx)
        guard let found else { throw NotFound("merchant") }
        return found
    }

    /// The merchants that a body names, in its order. They cannot be deleted before the transaction that
    /// links them ends.
    ///
    /// - Throws: ``NotFound`` for one that the key does not see, then ``MerchantListError``.
    static func load(
        allOf texts: [String], by principal: Principal, _ tx: any ReadTransaction
    ) throws -> [Merchant] {
        let ids = try texts.map { text in
            guard let id = MerchantID(text) else { throw NotFound("merchant") }
            return id
        }
        // Several rows are locked in the order of their ids.
        var found: [MerchantID: Merchant] = [:]
        for id in ids.sorted(by: { $0.text < $1.text }) where found[id] == nil {
            found[id] = try load(id, by: principal, lock: .share, tx)
        }
        let merchants = ids.compactMap { found[$0] }
        try MerchantListError.refuseDuplicates(texts)
        guard Set(merchants.map(\.organisationID)).count <= 1 else {
            throw MerchantListError.differentOrganisations
        }
        return merchants
    }
}
