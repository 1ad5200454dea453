package import ParryDatabase
package import ParryDomain
package import ParryStore

/// Who changed what.
package struct AuditService: Sendable {
    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// An entry, with the name of the person or key.
    package struct Named: Sendable {
        package let entry: AuditEntry
        /// nil for commands, and for who is no longer known.
        package let actorName: String?
    }

    /// A page of the log, newest first.
    ///
    /// - Throws: ``NotFound`` for an organisation filter that the principal does not see.
    package func list(
        _ filter: AuditStore.Filter, page: Page, by principal: Principal
    ) async throws -> Listing<Named> {
        try await database.read { tx in
            if let id = filter.organisationID {
                _ = try OrganisationService.load(id, by: principal, tx)
            }
            let entries = try AuditStore.list(filter, for: principal.owner, page: page, tx)
            let names = try Self.names(of: entries.items.map(\.actor), tx)
            return entries.map { Named(entry: $0, actorName: names[$0.actor]) }
        }
    }

    /// What was done to one thing, the oldest first.
    static func about(
        _ subject: String, for owner: Owner, limit: Int, _ tx: any ReadTransaction
    ) throws -> [Named] {
        let entries = try AuditStore.about(subject, for: owner, limit: limit, tx)
        let names = try names(of: entries.map(\.actor), tx)
        return entries.map { Named(entry: $0, actorName: names[$0.actor]) }
    }

    private static func names(
        of actors: [String], _ tx: any ReadTransaction
    ) throws -> [String: String] {
        let ids = Set(actors).sorted()
        let people = try PersonStore.names(of: ids, tx)
        return try people.merging(APIKeyStore.names(of: ids, tx)) { $1 }
    }
}
