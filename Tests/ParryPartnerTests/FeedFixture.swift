import ParryWire

@testable import ParryPartner

/// A mapping, a header and rows for it, for the tests of the feed.
enum FeedFixture {
    static let target = FeedTarget(
        organisationID: OrganisationID(stored: "org_1"),
        integrationID: IntegrationID(stored: "int_1"))

    static let yaml = """
        constants:
          order_status: CLOSED_COMPLETE
          transactions.payment_method_type: CARD
          transactions.authorisation_status: SETTLED
          refunds.status: SUCCEEDED
        columns:
          order: {to: [reference_id, order_number]}
          placed: {to: [order_datetime, transactions.authorised_at], as: datetime, zone: UTC}
          total: {to: [order_total_amount_in_cents, order_subtotal_amount_in_cents], as: money}
          currency: {to: [order_currency, transactions.currency, refunds.currency]}
          payment: {to: [transactions.reference_id, transactions.payment_method_reference_id]}
          paid: {to: transactions.amount_in_cents, as: money}
          brand: {to: transactions.payment_method_card_brand, words: {vi: VISA, mc: MASTERCARD}}
          last4: transactions.payment_method_card_last_4
          arn: transactions.acquirer_reference_number
          refund: refunds.reference_id
          refunded: {to: refunds.amount_in_cents, as: money}
          note: transactions.descriptor
        """

    static let header =
        "order,placed,total,currency,payment,paid,brand,last4,arn,refund,refunded,note"

    static let row = "A1,2026-02-17 09:59:05,49.00,EUR,p1,49.00,vi,4242,,,,"

    /// What ``row`` becomes.
    static let document = #"""
        {"type":"COMPLETE","organisation_id":"org_1","integration_id":"int_1","reference_id":"A1",\#
        "order_datetime":"2026-02-17T09:59:05Z","order_number":"A1",\#
        "order_subtotal_amount_in_cents":4900,"order_currency":"EUR",\#
        "order_total_amount_in_cents":4900,"order_status":"CLOSED_COMPLETE",\#
        "transactions":[{"reference_id":"p1","amount_in_cents":4900,"currency":"EUR",\#
        "payment_method_type":"CARD","authorisation_status":"SETTLED",\#
        "payment_method_reference_id":"p1","authorised_at":"2026-02-17T09:59:05Z",\#
        "payment_method_card_brand":"VISA","payment_method_card_last_4":"4242"}]}
        """#

    /// All items of rows under ``header``.
    static func items(
        rows: [String], mapping: String = yaml, header: String = header,
        chunkBytes: Int = FeedLimits.chunkBytes
    ) throws -> [FeedItem] {
        let text = ([header] + rows).joined(separator: "\n") + "\n"
        let reader = try FeedReader(
            csv: FeedSource(bytes: Array(text.utf8), chunkBytes: chunkBytes),
            mapping: FeedMapping(yaml: mapping), target: target)
        return try items(of: reader)
    }

    /// All items of lines of JSON.
    static func items(
        json lines: [String], chunkBytes: Int = FeedLimits.chunkBytes
    ) throws -> [FeedItem] {
        let text = lines.joined(separator: "\n")
        return try items(
            of: FeedReader(
                jsonLines: FeedSource(bytes: Array(text.utf8), chunkBytes: chunkBytes),
                target: target))
    }

    private static func items(of reader: FeedReader) throws -> [FeedItem] {
        var reader = reader
        var items: [FeedItem] = []
        while let item = try reader.next() { items.append(item) }
        return items
    }

    /// An item as a text that says everything of it.
    static func text(_ item: FeedItem) -> String {
        switch item {
        case .order(let order):
            "\(order.line) \(order.referenceID) \(order.coverage.rawValue) "
                + String(decoding: order.document, as: UTF8.self)
        case .refused(let refusal): String(decoding: refusal.json, as: UTF8.self)
        }
    }
}

extension FeedItem {
    var order: FeedOrder? { if case .order(let order) = self { order } else { nil } }

    var refusal: FeedRefusal? {
        if case .refused(let refusal) = self { refusal } else { nil }
    }

    /// `field CODE` of each reason.
    var codes: [String] { refusal?.reasons.map { "\($0.field) \($0.code)" } ?? [] }

    /// The reject file's line, parsed.
    var json: JSONValue? {
        refusal.flatMap { try? JSONDocument.parse($0.json).root }
    }
}
