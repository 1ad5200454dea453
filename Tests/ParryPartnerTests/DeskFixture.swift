import ParryClient
import ParryWire

@testable import ParryPartner

/// Alerts and a desk for the tests of the desk.
enum DeskFixture {
    static let now = Timestamp(milliseconds: 1_771_322_400_000)  // 2026-02-17T10:00:00Z

    /// An alert as the platform shows it.
    static func seen(
        _ id: String, minutes: Int64? = 125, money: (Int64, String) = (4_900, "USD"),
        descriptor: String = "ACME*SHOP BERLIN", transaction: String? = "txn_1",
        status: String = "ACTION_REQUIRED", attention: String? = nil, outcome: String? = nil
    ) throws -> SeenAlert {
        var json = JSONWriter()
        json.beginObject()
        json.field("id", id)
        json.field("organisation_id", "org_1")
        json.field("enrolment_type", "ETHOCA_ALERT")
        json.field("status", status)
        json.field("action_required_deadline", minutes.map { now.adding(seconds: $0 * 60) })
        json.field("transaction_amount_in_cents", money.0)
        json.field("transaction_currency_code", money.1)
        json.field("transaction_statement_descriptor", descriptor)
        json.field("transaction_card_bin", "411111")
        json.field("transaction_card_last4", "4242")
        json.field("transaction_refund_outcome", outcome)
        json.field("integration_id", transaction == nil ? nil : "int_1")
        json.field("integration_transaction_id", transaction)
        json.key("attention")
        if let attention {
            json.beginObject()
            json.field("reason", attention)
            json.endObject()
        } else {
            json.null()
        }
        json.endObject()
        return try SeenAlert(json.bytes)
    }

    /// One that a decision is wanted for.
    static func undecided(_ id: String, transaction: String? = "txn_1") throws -> AlertCase {
        AlertCase(try seen(id, transaction: transaction), isOurs: true, at: now)
    }

    /// One whose refund is reserved, and that a person is to make.
    static func reserved(_ id: String, minutes: Int64 = 125) throws -> AlertCase {
        var alert = AlertCase(try seen(id, minutes: minutes), isOurs: true, at: now)
        alert.decide(.refund, note: nil, at: now)
        alert.hear(.safe(intent: "rfi_1"), hasHook: false, at: now)
        return alert
    }

    static func model(
        _ alerts: [AlertCase], mode: AccountMode = .test, hasHook: Bool = false
    ) -> DeskModel {
        var model = DeskModel(
            environment: "acme-test", mode: mode, url: "http://127.0.0.1:8080", hasHook: hasHook,
            warnMinutes: [1_440, 360, 60])
        model.alerts = alerts.map { DeskAlert($0, customer: "acme") }
        return model
    }

    /// Three alerts and an enrolment.
    static func desk() throws -> DeskModel {
        let foreign = try seen(
            "netalrt_2", minutes: 125, money: (500, "JPY"), descriptor: "東京ストア 渋谷の本店",
            transaction: nil, attention: "OUTCOME_REFUSED")
        let open = try seen(
            "netalrt_3", minutes: nil, money: (1_250, "KWD"), descriptor: "ACME*KUWAIT")
        var model = model([
            try reserved("netalrt_1", minutes: 45), AlertCase(foreign, isOurs: true, at: now),
            AlertCase(open, isOurs: true, at: now),
        ])
        model.enrolments = [enrolment("PAUSED")]
        return model
    }

    static func enrolment(_ status: String, liveSince: Timestamp? = nil) -> DeskEnrolment {
        let document = """
            {"id":"enrl_1","type":"ETHOCA_ALERT","status":"\(status)","note":"Send the contract.",\
            "ethoca_alert":{"descriptors":[{"descriptor":"ACME*SHOP","status":"\(status)"}]}}
            """
        let seen = EnrolmentStore.Seen(
            id: "enrl_1", organisationID: "org_1", status: status, document: Array(document.utf8),
            liveSince: liveSince, liveBy: nil, seenAt: now)
        return DeskEnrolment(seen, name: "acme/main", customer: "acme")
    }
}
