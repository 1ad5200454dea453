package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `scheme_notice`.
package struct SchemeNoticeStore {
    /// What a list lets through; the newest report is first unless asked otherwise (CONTRACT.md 16).
    package struct Filter: Sendable {
        package var type: SchemeNoticeType?
        package var organisationID: OrganisationID?
        package var merchantID: MerchantID?
        /// Inclusive, in milliseconds.
        package var reportedFrom: Timestamp?
        package var reportedTo: Timestamp?
        package var direction: SortDirection = .descending

        /// What a list can be ordered by.
        package enum Sort: String, Sendable, CaseIterable {
            case reportedAt = "reported_at"
        }

        package init() {}

        fileprivate var conditions: [SQL] {
            var conditions: [SQL] = []
            if let type { conditions.append("scheme_notice_type = \(type.rawValue)") }
            if let id = merchantID { conditions.append("merchant_id = \(id.text)") }
            if let from = reportedFrom { conditions.append("reported_at >= \(from.milliseconds)") }
            if let to = reportedTo { conditions.append("reported_at <= \(to.milliseconds)") }
            return conditions
        }
    }

    private static let columns: SQL = """
        id, organisation_id, merchant_id, scheme_notice_type, fraud_type, reported_at,
        \(NoticeTransaction.columns), merchant_name, merchant_network_id, created_at
        """

    /// The notice, if this owner sees it.
    package static func find(
        _ id: SchemeNoticeID, for owner: Owner, _ tx: any ReadTransaction
    ) throws -> SchemeNotice? {
        try tx.row(
            """
            SELECT \(columns) FROM scheme_notice WHERE id = \(id.text) AND slot = \(id.slot)
            AND \(owner.sees(rowOf: "scheme_notice"))
            """, read)
    }

    /// The page of notices that the filter lets through and this owner sees.
    package static func list(
        _ filter: Filter, for owner: Owner, page: Page, _ tx: any ReadTransaction
    ) throws -> Listing<SchemeNotice> {
        try ListQuery(
            table: "scheme_notice", columns: columns,
            parts: OrganisationStore.parts(for: owner, only: filter.organisationID, tx),
            conditions: filter.conditions,
            order: ListOrder(by: "reported_at", filter.direction), page: page
        ).run(tx, read)
    }

    /// Adds a new notice.
    package static func insert(_ notice: SchemeNotice, _ tx: any WriteTransaction) throws {
        try tx.execute(
            """
            INSERT INTO scheme_notice (slot, \(columns)) VALUES (\(notice.id.slot),
                \(notice.id.text), \(notice.organisationID.text), \(notice.merchantID?.text),
                \(notice.type.rawValue), \(notice.fraudType), \(notice.reportedAt.milliseconds),
                \(notice.transaction.values), \(notice.merchantName),
                \(notice.merchantNetworkID), \(notice.createdAt.milliseconds))
            """)
    }

    private static func read(_ row: inout RowReader) throws -> SchemeNotice {
        SchemeNotice(
            id: .init(stored: try row.text()), organisationID: .init(stored: try row.text()),
            merchantID: try row.textOrNull().map(MerchantID.init(stored:)), type: try row.word(),
            fraudType: try row.textOrNull(), reportedAt: try row.timestamp(),
            transaction: try NoticeTransaction(&row), merchantName: try row.textOrNull(),
            merchantNetworkID: try row.textOrNull(), createdAt: try row.timestamp())
    }
}

extension NoticeTransaction {
    static let columns: SQL = """
        transaction_amount_in_cents, transaction_currency_code, transaction_card_bin,
        transaction_card_last4, transaction_acquirer_reference_number,
        transaction_authorisation_code, transaction_original_date
        """

    /// In the order of ``columns``.
    var values: SQL {
        """
        \(amount), \(currency), \(cardBIN), \(cardLast4), \(acquirerReferenceNumber),
        \(authorisationCode), \(originalDate.milliseconds)
        """
    }

    init(_ row: inout RowReader) throws {
        self.init(
            amount: try row.integer(), currency: try row.text(), cardBIN: try row.textOrNull(),
            cardLast4: try row.textOrNull(), acquirerReferenceNumber: try row.textOrNull(),
            authorisationCode: try row.textOrNull(), originalDate: try row.timestamp())
    }
}
