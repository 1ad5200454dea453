import HTTPTypes
import ParryTestSupport
import ParryWire

/// The story's first day: what is sold, and where.
extension Showcase {
    /// A sale of a card. What is not known is empty.
    struct Sale {
        let reference: String
        let amount: Int
        let last4: String
        var code = ""
        var arn = ""
        var soldAt = "2026-11-18T09:30:00Z"
        var extra = ""
    }

    private static let sales = [
        Sale(
            reference: "AF-1001", amount: 4_900, last4: "4242", code: "100001",
            arn: "74027016322000000000017"),
        Sale(
            reference: "AF-1002", amount: 125_000, last4: "1111", code: "100002",
            extra: #""customer_email":"carl@example.com","customer_first_name":"Carl","#),
        Sale(reference: "AF-1003", amount: 7_900, last4: "2222", code: "100003"),
        Sale(reference: "AF-1004", amount: 2_400, last4: "3333", code: "100004"),
        Sale(reference: "AF-1005", amount: 12_900, last4: "4444", code: "100005"),
        Sale(reference: "AF-1006", amount: 1_290, last4: "5555", code: "100006"),
        Sale(
            reference: "AF-1007", amount: 7_500, last4: "6666", code: "100007",
            extra: """
                "refunds":[{"reference_id":"re-7","amount_in_cents":7500,"currency":"USD",
                "status":"SUCCEEDED","original_transaction_reference_id":"txn-AF-1007",
                "refund_datetime":"2026-11-19T10:00:00Z"}],
                "disputes":[{"reference_id":"dp-7","amount_in_cents":7500,"currency":"USD",
                "status":"OPEN","original_transaction_reference_id":"txn-AF-1007",
                "reason_code":"13.1","dispute_datetime":"2026-11-19T11:00:00Z"}],
                """),
        Sale(
            reference: "AF-<1008> & more", amount: 3_300, last4: "7777",
            soldAt: "2026-11-19T22:15:00Z"),
        Sale(reference: "AF-1010", amount: 5_600, last4: "8888", code: "100010"),
        Sale(
            reference: "AF-1009", amount: 3_300, last4: "7777", soldAt: "2026-11-19T22:45:00Z"),
    ]

    func openOrganisations() async throws {
        try await make("acme", "/v1/organisations", #"{"name":"Acme <Fitness> & Söhne"}"#)
        try await make(
            "merchant", "/v1/merchants",
            """
            {"organisation_id":"{acme}","name":"Acme \\"Main\\"","type":"GENERIC",
            "external_id":"MID-4711"}
            """)
        try await make(
            "gym", "/v1/merchants",
            #"{"organisation_id":"{acme}","name":"Acme Gym","type":"GENERIC"}"#)
        try await make("beta", "/v1/organisations", #"{"name":"Beta Books"}"#)
        try await make(
            "books", "/v1/merchants",
            #"{"organisation_id":"{beta}","name":"Beta Books","type":"GENERIC"}"#)
        try await make("feed", "/v1/integrations", Self.feed("Shop orders", "ENABLED", "merchant"))
        try await make("old-feed", "/v1/integrations", Self.feed("Old shop", "DISABLED", "gym"))
        try await enrol()
    }

    private static func feed(_ name: String, _ status: String, _ merchant: String) -> String {
        """
        {"organisation_id":"{acme}","name":"\(name)","type":"CUSTOM_ORDERS",
        "status":"\(status)","merchant_ids":["{\(merchant)}"]}
        """
    }

    private func enrol() async throws {
        try await make(
            "ethoca", "/v2/enrolments",
            """
            {"merchant_ids":["{merchant}"],"type":"ETHOCA_ALERT","ethoca_alert":{"descriptors":[
            {"descriptor":"ACMEFIT","match_type":"STARTS_WITH"},
            {"descriptor":"ACME*GYM & CO","match_type":"EXACT_MATCH"}]}}
            """)
        try await make(
            "rdr", "/v2/enrolments",
            """
            {"merchant_ids":["{merchant}","{gym}"],"type":"VERIFI_RDR",
            "verifi_rdr":{"bin":"424242","caid":"ACMEFITCAID01"}}
            """)
        try await make(
            "arns", "/v2/enrolments",
            """
            {"merchant_ids":["{books}"],"type":"VERIFI_RDR",
            "verifi_rdr":{"arns":["74027016322000000000090","74027016322000000000091"]}}
            """)
        try await make(
            "cancelled", "/v2/enrolments",
            """
            {"merchant_ids":["{books}"],"type":"ETHOCA_ALERT","ethoca_alert":{"descriptors":[
            {"descriptor":"BETABOOKS","match_type":"STARTS_WITH"}]}}
            """)
        for name in ["ethoca", "rdr"] {
            try await ask(.patch, "/v1/simulate/enrolments/{\(name)}", #"{"status":"ENABLED"}"#)
        }
        try await ask(.delete, "/v2/enrolments/{cancelled}")
    }

    /// Uploads orders one by one, one of them twice and one that is wrong.
    func sell() async throws {
        clock.set(Self.time("2026-11-20T09:00:00Z"))
        for sale in Self.sales { try await ask(.post, "/v1/orders", "[\(Self.order(sale))]") }
        clock.advance(seconds: 10)
        let again = fill("[\(Self.order(Self.sales[0]))]")
        _ = try await world.send(.post, "/v1/orders", again)
        _ = try await world.send(
            .post, "/v1/orders", again.replacing(#""reference_id":"AF-1001","#, with: ""))
        for (name, reference) in [("order", "AF-1007"), ("late-order", "AF-1004")] {
            let path = "/v1/orders?organisation_id={acme}&reference_id=\(reference)"
            let found = try await world.send(.get, fill(path)).json["items"]?.elements.first {
                _ in true
            }
            self.name(name, found?["id"]?.string ?? "")
        }
    }

    private static func order(_ sale: Sale) -> String {
        let known = [("authorisation_code", sale.code), ("acquirer_reference_number", sale.arn)]
            .filter { !$0.1.isEmpty }.map { #""\#($0.0)":"\#($0.1)","# }.joined()
        return """
            {"type":"COMPLETE","organisation_id":"{acme}","integration_id":"{feed}",
            "reference_id":"\(sale.reference)","order_datetime":"\(sale.soldAt)",
            "order_number":"\(sale.last4)","order_subtotal_amount_in_cents":\(sale.amount),
            "order_currency":"USD","order_total_amount_in_cents":\(sale.amount),
            "order_status":"CLOSED_COMPLETE",\(sale.extra)
            "transactions":[{"reference_id":"txn-\(sale.reference)",
            "amount_in_cents":\(sale.amount),"currency":"USD","payment_method_type":"CARD",
            "authorisation_status":"SETTLED","payment_method_reference_id":"pay-\(sale.last4)",
            "authorised_at":"\(sale.soldAt)","descriptor":"ACMEFIT MONTHLY",\(known)
            "payment_method_card_brand":"VISA","payment_method_card_bin":"424242",
            "payment_method_card_last_4":"\(sale.last4)"}]}
            """
    }
}
