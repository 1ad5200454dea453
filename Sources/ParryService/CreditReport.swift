package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire

/// Which alerts of a month were invalid, for the invoice of the networks (CONTRACT.md 13).
package struct CreditReport: Sendable {
    package let organisationID: OrganisationID
    package let month: CalendarMonth
    /// All alerts of the month that a network raised.
    package let alertCount: Int64
    package let credits: [Credit]

    /// Reads the report of an organisation.
    ///
    /// - Throws: ``NotFound``.
    package static func read(
        of organisation: OrganisationID, _ month: CalendarMonth, from database: any Database
    ) async throws -> CreditReport {
        try await database.read { tx in
            guard try OrganisationStore.tenant(organisation, tx) != nil else {
                throw NotFound("organisation")
            }
            var credits: [Credit] = []
            repeat {
                let page = try CreditStore.page(
                    of: organisation, month, after: credits.last,
                    limit: Limits.creditsReadAtOnceMax, tx)
                credits += page
                guard page.count == Limits.creditsReadAtOnceMax else { break }
            } while true
            return CreditReport(
                organisationID: organisation, month: month,
                alertCount: try CreditStore.alertCount(of: organisation, month, tx),
                credits: credits)
        }
    }

    /// Writes the members.
    package func write(to json: inout JSONWriter) {
        json.field("organisation_id", organisationID.text)
        json.field("month", month.description)
        json.field("alerts_count", alertCount)
        json.field("credits_count", credits.count)
        json.key("credits_by_reason")
        json.beginArray()
        let reasons = Dictionary(grouping: credits, by: \.reason)
        for (reason, those) in reasons.sorted(by: { $0.key < $1.key }) {
            json.beginObject()
            json.field("invalid_reason", reason)
            json.field("count", those.count)
            json.endObject()
        }
        json.endArray()
        json.key("credits")
        json.beginArray()
        for credit in credits { credit.write(to: &json) }
        json.endArray()
    }

    /// The credits as CSV (RFC 4180) with a header, a line each.
    package var csv: String {
        ([Credit.columns] + credits.map(\.cells))
            .map { $0.map(Self.quoted).joined(separator: ",") + "\r\n" }.joined()
    }

    /// Partners choose the names of their transactions: what a spreadsheet would compute gets an apostrophe in front.
    private static func quoted(_ cell: String) -> String {
        let isFormula = cell.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
        let cell = isFormula ? "'" + cell : cell
        guard cell.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return cell }
        let doubled = cell.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
        return "\"" + String(String.UnicodeScalarView(doubled)) + "\""
    }
}

extension Credit {
    fileprivate static let columns = [
        "alert_id", "alert_network_id", "network", "alert_received_at", "invalid_reason",
        "original_alert_id", "amount_in_cents", "currency_code", "integration_id",
        "integration_transaction_id", "told_at",
    ]

    fileprivate var cells: [String] {
        [
            alertID.text, networkID, network.rawValue, receivedAt.iso8601, reason,
            originalID?.text ?? "", String(amount), currency, integrationID?.text ?? "",
            transactionID ?? "", toldAt?.iso8601 ?? "",
        ]
    }

    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("alert_id", alertID.text)
        json.field("alert_network_id", networkID)
        json.field("network", network.rawValue)
        json.field("alert_received_at", receivedAt)
        json.field("invalid_reason", reason)
        json.field("original_alert_id", originalID?.text)
        json.field("amount_in_cents", amount)
        json.field("currency_code", currency)
        json.field("integration_id", integrationID?.text)
        json.field("integration_transaction_id", transactionID)
        json.field("told_at", toldAt)
        json.endObject()
    }
}
