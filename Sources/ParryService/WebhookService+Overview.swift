import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// What people see of endpoints and their secrets.
extension WebhookService {
    /// An endpoint and how it fares.
    package struct Overview: Sendable {
        package let endpoint: WebhookEndpoint
        /// nil for the endpoint of a whole partner.
        package let organisationName: String?
        /// Of the last 24 hours.
        package let tally: DeliveryTally
        /// Until when the former secret signs as well; nil when it does not.
        package let formerSecretEnd: Timestamp?
    }

    /// The page of endpoints, each with how it fares.
    package func overviews(
        page: Page, by principal: Principal, now: Timestamp
    ) async throws -> Listing<Overview> {
        try await database.read { tx in
            let listing = try WebhookEndpointStore.list(
                for: principal.owner, of: nil, page: page, tx)
            return Listing(
                items: try Self.overviews(of: listing.items, by: principal, now: now, tx),
                count: listing.count)
        }
    }

    /// An endpoint with how it fares.
    ///
    /// - Throws: ``NotFound``.
    package func overview(
        of id: WebhookEndpointID, by principal: Principal, now: Timestamp
    ) async throws -> Overview {
        try await database.read { tx in
            let endpoint = try Self.load(id, by: principal, tx)
            let found = try Self.overviews(of: [endpoint], by: principal, now: now, tx).first
            guard let found else { throw NotFound("webhook endpoint") }
            return found
        }
    }

    private static func overviews(
        of endpoints: [WebhookEndpoint], by principal: Principal, now: Timestamp,
        _ tx: any ReadTransaction
    ) throws -> [Overview] {
        let ids = Set(endpoints.compactMap(\.organisationID?.text)).sorted()
        let names =
            ids.isEmpty ? [:] : try OrganisationStore.names(of: ids, for: principal.owner, tx)
        return try endpoints.map { endpoint in
            Overview(
                endpoint: endpoint,
                organisationName: endpoint.organisationID.map { names[$0.text] ?? $0.text },
                tally: try DeliveryStore.tally(
                    of: endpoint.id, since: now.adding(seconds: -86_400), tx),
                formerSecretEnd: try WebhookEndpointStore.formerSecretEnd(
                    of: endpoint.id, at: now, tx))
        }
    }

    /// The URLs of those endpoints that the principal sees, for lists that name them.
    package func urls(
        of ids: Set<WebhookEndpointID>, by principal: Principal
    ) async throws -> [WebhookEndpointID: String] {
        try await database.lookUp { tx in
            try WebhookEndpointStore.urls(of: ids, for: principal.owner, tx)
        }
    }

    /// The secret in clear. The audit log says who saw it.
    ///
    /// - Throws: ``NotFound``, ``SecretBox/Unreadable``.
    package func reveal(
        _ id: WebhookEndpointID, by principal: Principal
    ) async throws -> EndpointWithSecret {
        // Here, because the transaction runs outside of this task.
        AuditNote.current?.insist()
        return try await database.write { tx in
            let endpoint = try Self.load(id, by: principal, tx)
            guard let sealed = try WebhookEndpointStore.encryptedSecret(id, tx) else {
                throw NotFound("webhook endpoint")
            }
            return EndpointWithSecret(
                endpoint: endpoint, secret: try secrets.open(sealed, for: id.text))
        }
    }
}
