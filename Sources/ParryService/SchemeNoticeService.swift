package import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// Use cases of scheme notices (CONTRACT.md 16 and 14.3).
package struct SchemeNoticeService: Sendable {
    private let database: any Database
    private let wake: Wake

    package init(database: any Database, wake: Wake) {
        self.database = database
        self.wake = wake
    }

    /// - Throws: ``NotFound``.
    package func find(_ id: SchemeNoticeID, by principal: Principal) async throws -> SchemeNotice {
        let found = try await database.lookUp {
            try SchemeNoticeStore.find(id, for: principal.owner, $0)
        }
        guard let found else { throw NotFound("scheme notice") }
        return found
    }

    /// - Throws: ``NotFound`` for an organisation or merchant filter that the key does not see.
    package func list(
        _ filter: SchemeNoticeStore.Filter, page: Page, by principal: Principal
    ) async throws -> Listing<SchemeNotice> {
        try await database.read { tx in
            if let id = filter.organisationID {
                _ = try OrganisationService.load(id, by: principal, tx)
            }
            if let id = filter.merchantID { _ = try MerchantService.load(id, by: principal, tx) }
            return try SchemeNoticeStore.list(filter, for: principal.owner, page: page, tx)
        }
    }

    /// Raises a notice as a scheme would, in a TEST organisation.
    ///
    /// - Throws: ``NotFound`` for the organisation or merchant, ``SimulationError``.
    package func simulate(
        _ request: RequestObject, by principal: Principal, now: Timestamp
    ) async throws -> SchemeNotice {
        let notice = try await database.write { tx in
            let organisation = try OrganisationService.forSimulation(
                request[SchemeNoticeSimulationRequest.organisationID], by: principal, tx)
            let merchant = try Self.merchant(request, of: organisation, by: principal, tx)
            let moment = try OrganisationStore.moment(
                now, in: organisation.id, principal.mode, tx)
            let notice = Self.notice(request, organisation, merchant, now: moment)
            try SchemeNoticeStore.insert(notice, tx)
            try EventRecorder(partnerID: principal.owner.partnerID, now: moment)
                .created(notice, tx)
            return notice
        }
        wake()
        return notice
    }

    private static func merchant(
        _ request: RequestObject, of organisation: Organisation, by principal: Principal,
        _ tx: any ReadTransaction
    ) throws -> Merchant? {
        guard let text = request[SchemeNoticeSimulationRequest.merchantID] else { return nil }
        guard let id = MerchantID(text) else { throw NotFound("merchant") }
        let merchant = try MerchantService.load(id, by: principal, lock: .share, tx)
        guard merchant.organisationID == organisation.id else { throw NotFound("merchant") }
        return merchant
    }

    private static func notice(
        _ request: RequestObject, _ organisation: Organisation, _ merchant: Merchant?,
        now: Moment
    ) -> SchemeNotice {
        let word = request[SchemeNoticeSimulationRequest.type]
        let type = word.flatMap(SchemeNoticeType.init) ?? .tc40
        return SchemeNotice(
            id: .make(at: now, slot: organisation.id.slot), organisationID: organisation.id,
            merchantID: merchant?.id, type: type,
            fraudType: request[SchemeNoticeSimulationRequest.fraudType],
            reportedAt: request[SchemeNoticeSimulationRequest.reportedAt] ?? now.shown,
            transaction: .simulated(request, now: now.shown),
            merchantName: merchant?.details.name, merchantNetworkID: merchant?.details.externalID,
            createdAt: now.shown)
    }
}
