import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// An endpoint together with its secret in clear: what only the answers to a create and a rotation show.
package struct EndpointWithSecret: Sendable {
    package let endpoint: WebhookEndpoint
    package let secret: String
}

/// What partners do with their endpoints over the API (amendment 8).
extension WebhookService {
    /// Adds an endpoint of an organisation, or of the whole partner when none is named; a key of an
    /// organisation makes its own.
    ///
    /// - Throws: ``NotFound``, ``WebhookError``, ``WebhookURL/Refusal``.
    package func create(
        _ request: RequestObject, by principal: Principal, now: Timestamp
    ) async throws -> EndpointWithSecret {
        let details = WebhookEndpoint.Details(
            url: request[WebhookEndpointRequest.url],
            eventTypes: Self.types(request[WebhookEndpointRequest.eventTypes]))
        return try await database.write { tx in
            let organisation = try Self.organisation(
                request[WebhookEndpointRequest.organisationID], by: principal, tx)
            return try insert(
                details, partner: principal.owner.partnerID, organisation: organisation, now: now,
                tx)
        }
    }

    /// - Throws: ``NotFound``.
    package func find(
        _ id: WebhookEndpointID, by principal: Principal
    ) async throws -> WebhookEndpoint {
        try await database.lookUp { try Self.load(id, by: principal, $0) }
    }

    /// - Throws: ``NotFound`` for an organisation filter that the key does not see.
    package func list(
        of organisation: OrganisationID?, page: Page, by principal: Principal
    ) async throws -> Listing<WebhookEndpoint> {
        try await database.read { tx in
            if let organisation {
                _ = try OrganisationService.load(organisation, by: principal, tx)
            }
            return try WebhookEndpointStore.list(
                for: principal.owner, of: organisation, page: page, tx)
        }
    }

    /// Changes URL and event types, pauses and resumes.
    ///
    /// - Parameter seen: The version that a form was made from.
    /// - Throws: ``NotFound``, ``WebhookURL/Refusal``, ``ChangedMeanwhile``.
    package func update(
        _ id: WebhookEndpointID, _ request: RequestObject, seen: Int64? = nil,
        by principal: Principal, now: Timestamp
    ) async throws -> WebhookEndpoint {
        let endpoint = try await database.write { tx in
            let old = try Self.load(id, by: principal, lock: .update, tx)
            try ChangedMeanwhile.refuse(seen: seen, instead: old.version)
            var details = old.details
            if let url = request[WebhookEndpointRequest.newURL] { details.url = url }
            if let types = request[WebhookEndpointRequest.newEventTypes] {
                details.eventTypes = Self.types(types)
            }
            if let isPaused = request[WebhookEndpointRequest.isPaused] {
                details.isPaused = isPaused
            }
            var new = old
            guard try new.update(details, allowed: targets, now: now) else { return old }
            try WebhookEndpointStore.save(new, from: old, tx)
            return new
        }
        wake()
        return endpoint
    }

    /// Deletes; what still waits to be sent to it is given up.
    ///
    /// - Throws: ``NotFound``.
    package func delete(
        _ id: WebhookEndpointID, by principal: Principal, now: Timestamp
    ) async throws {
        try await database.write { tx in
            let endpoint = try Self.load(id, by: principal, lock: .update, tx)
            _ = try WebhookEndpointStore.markDeleted(endpoint.id, now: now, tx)
            return endpoint
        }
    }

    /// Makes a new secret; the former one signs besides for so many hours.
    ///
    /// - Throws: ``NotFound``.
    package func rotate(
        _ id: WebhookEndpointID, overlapHours: Int64?, by principal: Principal, now: Timestamp
    ) async throws -> EndpointWithSecret {
        let hours = overlapHours ?? Limits.secretOverlapHours
        return try await database.write { tx in
            try refuseOtherKey(tx)
            let endpoint = try Self.load(id, by: principal, lock: .update, tx)
            let secret = WebhookSecret.make()
            try WebhookEndpointStore.rotate(
                id, encryptedSecret: secrets.seal(secret, for: id.text),
                formerUntil: now.adding(seconds: hours * 3_600), tx)
            return EndpointWithSecret(endpoint: endpoint, secret: secret)
        }
    }

    private static func types(_ words: [String]) -> [EventType] {
        EventType.allCases.filter { words.contains($0.rawValue) }.sorted {
            $0.rawValue < $1.rawValue
        }
    }

    private static func organisation(
        _ sent: String?, by principal: Principal, _ tx: any ReadTransaction
    ) throws -> OrganisationID? {
        guard let sent else {
            switch principal.owner {
            case .adminGroup: return nil
            case .restrictedGroup: throw WebhookError.adminGroupRequired
            case .organisation(let id, _): return id
            }
        }
        guard let id = OrganisationID(sent) else { throw NotFound("organisation") }
        return try OrganisationService.load(id, by: principal, tx).id
    }

    static func load(
        _ id: WebhookEndpointID, by principal: Principal, lock: RowLock = .none,
        _ tx: any ReadTransaction
    ) throws -> WebhookEndpoint {
        let found = try WebhookEndpointStore.find(id, for: principal.owner, lock: lock, tx)
        guard let found else { throw NotFound("webhook endpoint") }
        return found
    }
}
