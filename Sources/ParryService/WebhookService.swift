package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire

/// Webhook endpoints and their secrets: the operator's side (CONTRACT.md 15.2). What partners do over the API
/// is in `WebhookService+API.swift`.
package struct WebhookService: Sendable {
    let database: any Database
    let secrets: SecretBox
    let wake: Wake
    let targets: WebhookTargets

    /// - Parameters:
    ///   - wake: Tells the dispatcher of this process that something may be due.
    ///   - targets: Where endpoints may be.
    package init(
        database: any Database, secrets: SecretBox, wake: Wake = .silent,
        targets: WebhookTargets = .any
    ) {
        self.database = database
        self.secrets = secrets
        self.wake = wake
        self.targets = targets
    }

    /// Whose events an endpoint gets.
    package enum Subscriber: Sendable {
        case partner(PartnerID)
        case organisation(OrganisationID)
    }

    /// Adds an endpoint with a new secret.
    ///
    /// - Throws: ``WebhookURL/Refusal`` for what the URL's form shows, ``NotFound``, ``WebhookError/tooManyEndpoints``,
    ///   ``MasterKeyService/WrongKey`` when the key was changed under this process.
    package func create(
        for subscriber: Subscriber, url: String, eventTypes: [EventType], now: Timestamp
    ) async throws -> (endpoint: WebhookEndpoint, secret: String) {
        let created = try await database.write { tx in
            let (partner, organisation) = try Self.resolve(subscriber, tx)
            return try insert(
                .init(url: url, eventTypes: eventTypes), partner: partner,
                organisation: organisation, now: now, tx)
        }
        return (created.endpoint, created.secret)
    }

    /// Adds an endpoint with a new secret in this transaction.
    ///
    /// - Throws: ``WebhookError/tooManyEndpoints``; some that are made in one moment can be a few too many.
    func insert(
        _ details: WebhookEndpoint.Details, partner: PartnerID, organisation: OrganisationID?,
        now: Timestamp, _ tx: any WriteTransaction
    ) throws -> EndpointWithSecret {
        try refuseOtherKey(tx)
        let count = try WebhookEndpointStore.count(of: organisation, of: partner, tx)
        guard count < Limits.endpointsPerOwnerMax else { throw WebhookError.tooManyEndpoints }
        let endpoint = try WebhookEndpoint.create(
            details, partner: partner, organisation: organisation, allowed: targets,
            now: now)
        let secret = WebhookSecret.make()
        try WebhookEndpointStore.insert(
            endpoint, encryptedSecret: secrets.seal(secret, for: endpoint.id.text), tx)
        return EndpointWithSecret(endpoint: endpoint, secret: secret)
    }

    /// A rotation of the master key beside this re-encrypts what is there, and must not miss it.
    func refuseOtherKey(_ tx: any ReadTransaction) throws {
        let bound = try SettingStore.value(SettingStore.masterKeyFingerprint, lock: .share, tx)
        guard bound == nil || bound == secrets.fingerprint else {
            throw MasterKeyService.WrongKey()
        }
    }

    /// Every endpoint, newest first.
    package func list() async throws -> [WebhookEndpoint] {
        try await database.read { try WebhookEndpointStore.all($0) }
    }

    /// The operator, as who sees this endpoint.
    ///
    /// - Throws: ``NotFound``.
    package func `operator`(of id: WebhookEndpointID) async throws -> Principal {
        let endpoint = try await list().first { $0.id == id }
        guard let endpoint else { throw NotFound("webhook endpoint") }
        return .operator(of: endpoint.partnerID)
    }

    /// The operator, as who sees all of this partner.
    ///
    /// - Throws: ``NotFound``.
    package func `operator`(of id: PartnerID) async throws -> Principal {
        guard try await database.lookUp({ try AccountStore.partner(id, $0) }) != nil else {
            throw NotFound("partner")
        }
        return .operator(of: id)
    }

    /// The secret in clear.
    ///
    /// - Throws: ``NotFound``, ``SecretBox/Unreadable``.
    package func reveal(_ id: WebhookEndpointID) async throws -> String {
        let sealed = try await database.read { try WebhookEndpointStore.encryptedSecret(id, $0) }
        guard let sealed else { throw NotFound("webhook endpoint") }
        return try secrets.open(sealed, for: id.text)
    }

    /// Deletes; what still waits to be sent to it is given up.
    ///
    /// - Throws: ``NotFound``.
    package func delete(_ id: WebhookEndpointID, now: Timestamp) async throws {
        try await database.write { tx in
            guard try WebhookEndpointStore.markDeleted(id, now: now, tx) else {
                throw NotFound("webhook endpoint")
            }
        }
    }

    private static func resolve(
        _ subscriber: Subscriber, _ tx: any ReadTransaction
    ) throws -> (PartnerID, OrganisationID?) {
        switch subscriber {
        case .partner(let id):
            guard try AccountStore.partner(id, tx) != nil else { throw NotFound("partner") }
            return (id, nil)
        case .organisation(let id):
            guard let partner = try AccountStore.partner(ofOrganisation: id, tx) else {
                throw NotFound("organisation")
            }
            return (partner, id)
        }
    }
}
