package import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// Use cases of enrolments (CONTRACT.md 7). Every change and its event commit together.
package struct EnrolmentService: Sendable {
    let database: any Database
    private let wake: Wake
    /// The networks that this installation is connected to.
    package let connections: NetworkConnections

    /// - Parameter connections: The networks that take enrolments; without one they wait for the simulation or the
    ///   operator.
    package init(
        database: any Database, wake: Wake, connections: NetworkConnections = .none
    ) {
        self.database = database
        self.wake = wake
        self.connections = connections
    }

    /// Creates a `PENDING` enrolment.
    ///
    /// - Parameters:
    ///   - merchantIDs: As sent.
    ///   - request: The rest of the body, whose shape is the same in both versions.
    /// - Throws: ``NotFound`` for a merchant, ``MerchantListError``, ``EnrolmentError``.
    package func create(
        of merchantIDs: [String], _ request: RequestObject, by principal: Principal,
        now: Timestamp
    ) async throws -> Enrolment {
        let connected = connections.networks(of: principal.mode)
        let enrolment = try await database.write { tx in
            let merchants = try MerchantService.load(allOf: merchantIDs, by: principal, tx)
            guard let organisation = merchants.first?.organisationID else {
                throw NotFound("merchant")
            }
            let configuration = try EnrolmentConfiguration(request)
            let isHeldByAnother = try Self.refuseHeld(configuration, by: principal, tx)
            let moment = try OrganisationStore.moment(now, in: organisation, principal.mode, tx)
            let enrolment = Enrolment.create(
                configuration, merchantIDs: merchants.map(\.id), organisationID: organisation,
                now: moment)
            try EnrolmentStore.insert(
                enrolment, changedAt: now, mode: principal.mode,
                partner: principal.owner.partnerID, tx)
            try EventRecorder(partnerID: principal.owner.partnerID, now: moment).created(
                enrolment, tx)
            if isHeldByAnother {
                try Self.block(enrolment, by: principal, now: moment, tx)
            } else if connected.contains(enrolment.type.network) {
                try EnrolmentProgress(mode: principal.mode, now: now).ask(
                    for: enrolment, merchantName: merchants[0].details.name, tx)
            }
            return enrolment
        }
        wake()
        return enrolment
    }

    /// What becomes of an accepted enrolment whose identifier another partner holds: it needs attention.
    private static func block(
        _ enrolment: Enrolment, by principal: Principal, now: Moment,
        _ tx: any WriteTransaction
    ) throws {
        var blocked = enrolment
        blocked.block(now: now.shown)
        try EnrolmentProgress(mode: principal.mode, now: now.real).save(
            blocked, instead: enrolment, partner: principal.owner.partnerID, at: now, tx)
    }

    /// - Throws: ``NotFound``.
    package func find(_ id: EnrolmentID, by principal: Principal) async throws -> Enrolment {
        try await database.lookUp { try Self.load(id, by: principal, $0) }
    }

    /// - Throws: ``NotFound`` for an organisation or merchant filter that the key does not see.
    package func list(
        _ filter: EnrolmentStore.Filter, page: Page, by principal: Principal
    ) async throws -> Listing<Enrolment> {
        try await database.read { tx in
            if let id = filter.organisationID {
                _ = try OrganisationService.load(id, by: principal, tx)
            }
            if let id = filter.merchantID { _ = try MerchantService.load(id, by: principal, tx) }
            return try EnrolmentStore.list(filter, for: principal.owner, page: page, tx)
        }
    }

    /// Cancels a `PENDING` enrolment.
    ///
    /// - Throws: ``NotFound``, ``EnrolmentError/notPending(_:)``.
    package func cancel(
        _ id: EnrolmentID, by principal: Principal, now: Timestamp
    ) async throws -> Enrolment {
        try await change(id, by: principal, now: now) { enrolment, now, _ in
            try enrolment.cancel(now: now)
        }
    }

    /// Sets a status by hand, for the operator of networks that are worked so (CONTRACT.md 7.3).
    ///
    /// - Throws: ``NotFound``, ``EnrolmentError/isFinal(_:)``, ``EnrolmentError/cannotBecome(_:_:)``.
    package func set(
        _ id: EnrolmentID, status: EnrolmentStatus, note: String?, now: Timestamp
    ) async throws -> Enrolment {
        let enrolment = try await database.write { tx in
            guard let mode = try EnrolmentStore.mode(of: id, tx) else {
                throw NotFound("enrolment")
            }
            let progress = EnrolmentProgress(mode: mode, now: now)
            try progress.change(id, tx) { try $0.set(status, note: note, now: $1) }
            guard let changed = try EnrolmentStore.named([id], tx).first else {
                throw NotFound("enrolment")
            }
            return changed
        }
        wake()
        return enrolment
    }

    /// Enables or un-enrols in a TEST organisation (CONTRACT.md 14.1).
    ///
    /// - Throws: ``NotFound``, ``SimulationError/organisationNotTestMode``,
    ///   ``EnrolmentError/isFinal(_:)``.
    package func simulate(
        _ id: EnrolmentID, status: EnrolmentStatus, by principal: Principal, now: Timestamp
    ) async throws -> Enrolment {
        try await change(id, by: principal, now: now) { enrolment, now, tx in
            guard principal.mode == .test else { throw SimulationError.organisationNotTestMode }
            for merchant in enrolment.merchantIDs where status == .enabled {
                _ = try MerchantService.load(merchant, by: principal, lock: .share, tx)
            }
            try enrolment.simulate(status, now: now)
        }
    }

    private func change(
        _ id: EnrolmentID, by principal: Principal, now: Timestamp,
        _ verb: @escaping @Sendable (inout Enrolment, Timestamp, any ReadTransaction) throws -> Void
    ) async throws -> Enrolment {
        let enrolment = try await database.write { tx in
            let old = try Self.load(id, by: principal, lock: .update, tx)
            var new = old
            let moment = try OrganisationStore.moment(
                now, in: old.organisationID, principal.mode, tx)
            try verb(&new, moment.shown, tx)
            try EnrolmentProgress(mode: principal.mode, now: now).save(
                new, instead: old, partner: principal.owner.partnerID, at: moment, tx)
            return new
        }
        wake()
        return enrolment
    }

    static func load(
        _ id: EnrolmentID, by principal: Principal, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Enrolment {
        let found = try EnrolmentStore.find(id, for: principal.owner, lock: lock, tx)
        guard let found else { throw NotFound("enrolment") }
        return found
    }

    /// TEST is never refused; LIVE is while another enrolment of the partner holds the identifier
    /// (CONTRACT.md 21, row 20). Says whether another partner holds it.
    private static func refuseHeld(
        _ configuration: EnrolmentConfiguration, by principal: Principal,
        _ tx: any WriteTransaction
    ) throws -> Bool {
        guard principal.mode == .live else { return false }
        let holders = try EnrolmentIdentifierStore.holders(
            of: configuration, mode: principal.mode, tx)
        guard holders.contains(principal.owner.partnerID) else { return !holders.isEmpty }
        switch configuration {
        case .ethocaAlert: throw EnrolmentError.ethocaIdentifierTaken
        case .verifiRDR: throw EnrolmentError.verifiIdentifierTaken
        }
    }
}

extension EnrolmentConfiguration {
    /// Reads the block of the request's own type.
    init(_ request: RequestObject) throws(EnrolmentError) {
        if request[EnrolmentRequest.type] == EnrolmentType.ethocaAlert.rawValue {
            guard let block = request[EnrolmentRequest.ethocaAlert] else {
                throw .missingEthocaAlertConfiguration
            }
            self = try .ethocaAlert(Self.descriptors(block[EnrolmentRequest.descriptors]))
        } else {
            guard let block = request[EnrolmentRequest.verifiRDR] else {
                throw .missingVerifiRDRConfiguration
            }
            self = try .verifiRDR(
                VerifiIdentifier(
                    bin: block[EnrolmentRequest.bin], caid: block[EnrolmentRequest.caid],
                    arns: block[EnrolmentRequest.arns]))
        }
    }

    private static func descriptors(
        _ requests: [RequestObject]
    ) throws(EnrolmentError) -> [EnrolledDescriptor] {
        var descriptors: [EnrolledDescriptor] = []
        for request in requests {
            let word = request[EnrolmentRequest.matchType]
            guard let matchType = DescriptorMatchType(rawValue: word) else {
                throw .invalidMatchType
            }
            descriptors.append(
                EnrolledDescriptor(
                    text: request[EnrolmentRequest.descriptor], matchType: matchType,
                    status: .pending))
        }
        return descriptors
    }
}
