package import ParryDatabase
import ParryDomain
import ParryStore
package import ParryWire

/// Whether something happened to alerts, for pages that are open.
package struct AlertNewsService: Sendable {
    private static let types: [EventType] = [
        .alertCreated, .alertUpdated, .alertDeadlineApproaching, .alertNeedsAttention,
    ]

    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// The last positions of the feeds of some partners; 0 where nothing has happened.
    package func ends(of partners: [PartnerID]) async throws -> [PartnerID: Int64] {
        try await database.lookUp { try EventFeedStore.lastPositions(of: partners, $0) }
    }

    /// The organisations whose alerts a part of a partner's feed tells of.
    package func touched(
        of partner: PartnerID, behind start: Int64, upTo end: Int64
    ) async throws -> Set<OrganisationID> {
        try await database.read {
            try EventFeedStore.organisations(
                of: partner, behind: start, upTo: end, Self.types, $0)
        }
    }

    /// Whether one of some organisations is in a group.
    package func isAny(
        of organisations: Set<OrganisationID>, in group: PartnerGroupID
    ) async throws -> Bool {
        let ids = organisations.sorted { $0.text < $1.text }
        return try await database.lookUp { try GroupStore.hasAny(of: ids, group, $0) }
    }
}
