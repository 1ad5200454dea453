package import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// Use cases of lookups (CONTRACT.md 17 and 14.3).
package struct LookupService: Sendable {
    private let database: any Database
    private let wake: Wake

    package init(database: any Database, wake: Wake) {
        self.database = database
        self.wake = wake
    }

    /// - Throws: ``NotFound``.
    package func find(_ id: LookupID, by principal: Principal) async throws -> Lookup {
        try await database.lookUp { try Self.load(id, by: principal, $0) }
    }

    /// - Throws: ``NotFound`` for an organisation, enrolment or lookup filter that the key does not see.
    package func list(
        _ filter: LookupStore.Filter, page: Page, by principal: Principal
    ) async throws -> Listing<Lookup> {
        try await database.read { tx in
            if let id = filter.organisationID {
                _ = try OrganisationService.load(id, by: principal, tx)
            }
            if let id = filter.enrolmentID { _ = try EnrolmentService.load(id, by: principal, tx) }
            if let id = filter.parentID { _ = try Self.load(id, by: principal, tx) }
            return try LookupStore.list(filter, for: principal.owner, page: page, tx)
        }
    }

    /// Raises a lookup as an issuer would, in a TEST organisation.
    ///
    /// - Throws: ``NotFound`` for the organisation, enrolment or parent, ``SimulationError``.
    package func simulate(
        _ request: RequestObject, by principal: Principal, now: Timestamp
    ) async throws -> Lookup {
        let lookup = try await database.write { tx in
            let organisation = try OrganisationService.forSimulation(
                request[LookupSimulationRequest.organisationID], by: principal, tx)
            let moment = try OrganisationStore.moment(
                now, in: organisation.id, principal.mode, tx)
            let lookup = try Self.lookup(request, organisation, by: principal, now: moment, tx)
            try LookupStore.insert(lookup, tx)
            try EventRecorder(partnerID: principal.owner.partnerID, now: moment)
                .created(lookup, tx)
            return lookup
        }
        wake()
        return lookup
    }

    private static func lookup(
        _ request: RequestObject, _ organisation: Organisation, by principal: Principal,
        now: Moment, _ tx: any ReadTransaction
    ) throws -> Lookup {
        Lookup(
            id: .make(at: now, slot: organisation.id.slot), organisationID: organisation.id,
            enrolmentID: try enrolment(request, of: organisation, by: principal, tx),
            parentID: try parent(request, of: organisation, by: principal, tx),
            type: request[LookupSimulationRequest.type].flatMap(LookupType.init) ?? .orderInsight,
            status: request[LookupSimulationRequest.status].flatMap(LookupStatus.init)
                ?? .succeeded,
            deflectionStatus: request[LookupSimulationRequest.deflectionStatus]
                .flatMap(DeflectionStatus.init) ?? .notAttempted,
            transaction: .simulated(request, now: now.shown),
            createdAt: now.shown, updatedAt: now.shown)
    }

    private static func enrolment(
        _ request: RequestObject, of organisation: Organisation, by principal: Principal,
        _ tx: any ReadTransaction
    ) throws -> EnrolmentID? {
        guard let text = request[LookupSimulationRequest.enrolmentID] else { return nil }
        guard let id = EnrolmentID(text) else { throw NotFound("enrolment") }
        let enrolment = try EnrolmentService.load(id, by: principal, tx)
        guard enrolment.organisationID == organisation.id else { throw NotFound("enrolment") }
        return id
    }

    private static func parent(
        _ request: RequestObject, of organisation: Organisation, by principal: Principal,
        _ tx: any ReadTransaction
    ) throws -> LookupID? {
        guard let text = request[LookupSimulationRequest.parentID] else { return nil }
        guard let id = LookupID(text) else { throw NotFound("lookup") }
        let parent = try load(id, by: principal, tx)
        guard parent.organisationID == organisation.id else { throw NotFound("lookup") }
        return id
    }

    private static func load(
        _ id: LookupID, by principal: Principal, _ tx: any ReadTransaction
    ) throws -> Lookup {
        let found = try LookupStore.find(id, for: principal.owner, tx)
        guard let found else { throw NotFound("lookup") }
        return found
    }
}
