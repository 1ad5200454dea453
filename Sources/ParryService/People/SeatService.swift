package import ParryDatabase
package import ParryDomain
import ParryStore

/// Which accounts a visitor may work in.
package struct SeatService: Sendable {
    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// Accounts whose name holds a text, at most ``Limits/seatsShownMax``.
    package func list(for visitor: Visitor, name: String = "") async throws -> [Seat] {
        try await database.read { tx in
            try SeatStore.list(
                of: visitor.person, through: visitor.session.partnerID, name: name,
                limit: Limits.seatsShownMax, tx)
        }
    }

    /// The account of this id.
    ///
    /// - Throws: ``NotFound`` also for one that the visitor may not work in.
    package func find(_ id: String, for visitor: Visitor) async throws -> Seat {
        let found = try await database.lookUp { tx in
            try SeatStore.find(
                id, of: visitor.person, through: visitor.session.partnerID, tx)
        }
        guard let found else { throw NotFound("account") }
        return found
    }
}
