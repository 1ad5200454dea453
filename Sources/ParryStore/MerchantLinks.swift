import ParryDatabase
import ParryWire

/// The ordered merchants of an integration or an enrolment, in a table of their own.
struct MerchantLinks: Sendable {
    /// The table's name and the column that names the owner; both are ours, never a caller's.
    let table: String
    let owner: String
    private let insertion: Insertion

    init(table: String, owner: String) {
        self.table = table
        self.owner = owner
        insertion = Insertion(
            into: table,
            [
                Column(owner, .text), Column("slot", .integer), Column("merchant_id", .text),
                Column("position", .integer),
            ])
    }

    /// The merchants of each owner, in the order sent.
    func merchants(
        of owners: [String], _ tx: any ReadTransaction
    ) throws -> [String: [MerchantID]] {
        guard !owners.isEmpty else { return [:] }
        let slots = Set(owners.map(slot(of:))).sorted()
        let rows = try tx.rows(
            """
            SELECT \(SQL(stringLiteral: owner)), merchant_id FROM \(SQL(stringLiteral: table))
            WHERE \(SQL(stringLiteral: owner)) IN \(anyOf: owners) \(tx.dialect.inSlots(slots))
            ORDER BY \(SQL(stringLiteral: owner)), position
            """
        ) { (owner: try $0.text(), merchant: MerchantID(stored: try $0.text())) }
        return Dictionary(grouping: rows, by: \.owner).mapValues { $0.map(\.merchant) }
    }

    /// Adds the merchants of a new owner.
    func insert(
        _ merchants: [MerchantID], of id: String, slot: Int, _ tx: any WriteTransaction
    ) throws {
        let rows: [[SQLValue]] = merchants.enumerated().map { position, merchant in
            [
                .text(id), .integer(Int64(slot)), .text(merchant.text), .integer(Int64(position)),
            ]
        }
        try tx.insert(rows, by: insertion)
    }

    /// Puts these merchants in place of those before.
    func replace(
        _ merchants: [MerchantID], of id: String, slot: Int, _ tx: any WriteTransaction
    ) throws {
        try tx.execute(
            """
            DELETE FROM \(SQL(stringLiteral: table))
            WHERE \(SQL(stringLiteral: owner)) = \(id) AND slot = \(slot)
            """)
        try insert(merchants, of: id, slot: slot, tx)
    }

    private func slot(of id: String) -> Int64 {
        let body = id.drop { $0 != "_" }.dropFirst()
        return Int64(Identifier<Bare>(stored: String(body)).slot)
    }

    /// An id without its prefix, of whichever resource.
    private enum Bare: IdentifiedResource {
        static let idPrefix = ""
    }
}
