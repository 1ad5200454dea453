package import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// Use cases of integrations (CONTRACT.md 6).
package struct IntegrationService: Sendable {
    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// What a caller asks for.
    package struct Draft: Sendable {
        package let organisationID: String
        package let name: String
        package let type: String
        package let status: IntegrationStatus
        package let merchantIDs: [String]

        package init(
            organisationID: String, name: String, type: String, status: IntegrationStatus,
            merchantIDs: [String]
        ) {
            self.organisationID = organisationID
            self.name = name
            self.type = type
            self.status = status
            self.merchantIDs = merchantIDs
        }
    }

    /// What a caller wants changed; nil leaves as it is.
    package struct Change: Sendable {
        package let name: String?
        package let status: IntegrationStatus?
        package let merchantIDs: [String]?

        package init(name: String?, status: IntegrationStatus?, merchantIDs: [String]?) {
            self.name = name
            self.status = status
            self.merchantIDs = merchantIDs
        }
    }

    /// - Throws: ``NotFound`` for the organisation or a merchant, ``IntegrationError``,
    ///   ``MerchantListError``.
    package func create(
        _ draft: Draft, by principal: Principal, now: Timestamp
    ) async throws -> Integration {
        try await database.write { tx in
            guard let organisationID = OrganisationID(draft.organisationID) else {
                throw NotFound("organisation")
            }
            _ = try OrganisationService.load(organisationID, by: principal, tx)
            let merchants = try Self.merchants(
                draft.merchantIDs, of: organisationID, by: principal, tx)
            guard draft.type == IntegrationType.customOrders.rawValue else {
                throw IntegrationError.unsupportedType
            }
            let integration = Integration.create(
                .init(name: draft.name, status: draft.status, merchantIDs: merchants),
                organisationID: organisationID,
                now: try OrganisationStore.moment(now, in: organisationID, principal.mode, tx))
            try IntegrationStore.insert(integration, tx)
            return integration
        }
    }

    /// What integrations are called; without those that the principal does not see.
    package func names(
        of ids: Set<IntegrationID>, by principal: Principal
    ) async throws -> [IntegrationID: String] {
        try await database.lookUp { try IntegrationStore.names(of: ids, for: principal.owner, $0) }
    }

    /// - Throws: ``NotFound``.
    package func find(_ id: IntegrationID, by principal: Principal) async throws -> Integration {
        try await database.lookUp { try Self.load(id, by: principal, $0) }
    }

    /// The page of integrations that the key sees.
    ///
    /// - Throws: ``NotFound`` for an organisation or merchant filter that it does not see.
    package func list(
        _ filter: IntegrationStore.Filter = .init(), page: Page, by principal: Principal
    ) async throws -> Listing<Integration> {
        try await database.read { tx in
            if let id = filter.organisationID {
                _ = try OrganisationService.load(id, by: principal, tx)
            }
            if let id = filter.merchantID { _ = try MerchantService.load(id, by: principal, tx) }
            return try IntegrationStore.list(filter, for: principal.owner, page: page, tx)
        }
    }

    /// How many orders came in by integrations; without those that the principal does not see.
    package func orderCounts(
        of ids: [IntegrationID], by principal: Principal
    ) async throws -> [IntegrationID: Int64] {
        try await database.read {
            try IntegrationStore.orderCounts(of: ids, for: principal.owner, $0)
        }
    }

    /// - Parameter seen: The version that the caller was shown, where it must not have changed since.
    /// - Throws: ``NotFound`` for the integration or a merchant, ``MerchantListError``,
    ///   ``IntegrationError`` for one of a processor, ``ChangedMeanwhile``.
    package func update(
        _ id: IntegrationID, _ change: Change, seen: Int64? = nil, by principal: Principal,
        now: Timestamp
    ) async throws -> Integration {
        try await database.write { tx in
            var integration = try Self.load(id, by: principal, lock: .update, tx)
            try ChangedMeanwhile.refuse(seen: seen, instead: integration.version)
            guard integration.type == .customOrders else { throw IntegrationError.unsupportedType }
            let before = integration.details
            if let name = change.name { integration.details.name = name }
            if let status = change.status { integration.details.status = status }
            if let merchantIDs = change.merchantIDs {
                integration.details.merchantIDs = try Self.merchants(
                    merchantIDs, of: integration.organisationID, by: principal, tx)
            }
            guard integration.details != before else { return integration }
            integration.updatedAt =
                try OrganisationStore.moment(
                    now, in: integration.organisationID, principal.mode, tx
                ).shown
            try IntegrationStore.save(integration, tx)
            return integration
        }
    }

    /// Connects a processor, at the operator's command: the API makes only `CUSTOM_ORDERS`.
    ///
    /// - Throws: ``NotFound`` for the organisation or a merchant of it.
    package func createForProcessor(
        _ type: IntegrationType, name: String, organisation: OrganisationID,
        merchants: [MerchantID], now: Timestamp
    ) async throws -> Integration {
        try await database.write { tx in
            guard let partner = try AccountStore.partner(ofOrganisation: organisation, tx) else {
                throw NotFound("organisation")
            }
            let owner = Owner.organisation(organisation, partner: partner)
            for id in Set(merchants).sorted(by: { $0.text < $1.text }) {
                let found = try MerchantStore.find(id, for: owner, lock: .share, tx)
                if found == nil { throw NotFound("merchant") }
            }
            let moment =
                try OrganisationStore.tenant(organisation, tx)?.moment(now) ?? Moment(now)
            let integration = Integration.create(
                .init(name: name, status: .enabled, merchantIDs: merchants), type: type,
                organisationID: organisation, now: moment)
            try IntegrationStore.insert(integration, tx)
            return integration
        }
    }

    static func load(
        _ id: IntegrationID, by principal: Principal, lock: RowLock = .none,
        _ tx: any ReadTransaction
    ) throws -> Integration {
        let found = try IntegrationStore.find(id, for: principal.owner, lock: lock, tx)
        guard let found else { throw NotFound("integration") }
        return found
    }

    private static func merchants(
        _ texts: [String], of organisation: OrganisationID, by principal: Principal,
        _ tx: any ReadTransaction
    ) throws -> [MerchantID] {
        let merchants = try MerchantService.load(allOf: texts, by: principal, tx)
        guard merchants.allSatisfy({ $0.organisationID == organisation }) else {
            throw MerchantListError.differentOrganisations
        }
        return merchants.map(\.id)
    }
}
