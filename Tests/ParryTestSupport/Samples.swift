package import ParryDatabase
package import ParryDomain
import ParryStore
package import ParryWire

/// A partner with one organisation, merchant and order feed, straight in the database.
package struct Sample: Sendable {
    package static let start = Timestamp(milliseconds: 1_771_322_400_000)

    package let partner: Partner
    package let owner: Owner
    package let organisation: Organisation
    package let merchant: Merchant
    package let integration: Integration

    /// A new sample; the database does not know it until ``insert(into:)``.
    package init(mode: AccountMode = .test, now: Timestamp = start) {
        partner = Partner(id: .make(at: now, slot: 0), name: "Pay", mode: mode, createdAt: now)
        owner = .adminGroup(.make(at: now, slot: 0), partner: partner.id)
        organisation = Organisation.create(name: "Acme", partner: partner, now: now)
        merchant = Merchant.create(
            .init(
                name: "Acme Main", type: .generic, externalID: "mid_1",
                defaultRepresentmentServiceType: nil), organisationID: organisation.id,
            now: Moment(now))
        integration = Integration.create(
            .init(name: "Feed", status: .enabled, merchantIDs: [merchant.id]),
            organisationID: organisation.id, now: Moment(now))
    }

    /// The key that sees it all.
    package var principal: Principal {
        Principal(
            actor: .key(.make(at: Self.start, slot: 0)), owner: owner, mode: partner.mode,
            abilities: Set(Ability.allCases))
    }

    package func insert(into database: any Database) async throws {
        try await database.write { tx in
            try AccountStore.insert(partner, tx)
            try OrganisationStore.insert(organisation, tx)
            try MerchantStore.insert(merchant, tx)
            try IntegrationStore.insert(integration, tx)
        }
    }

    /// A new Ethoca enrolment of the merchant.
    package func enrolment(now: Timestamp = start) -> Enrolment {
        Enrolment.create(
            .ethocaAlert([.init(text: "ACME", matchType: .startsWith, status: .pending)]),
            merchantIDs: [merchant.id], organisationID: organisation.id, now: Moment(now))
    }

    /// The JSON of an order as the guide sends it.
    package func orderJSON(
        _ reference: String = "order-1", transaction: String = "txn-1", extra: String = ""
    ) -> String {
        guideOrder(
            organisation: organisation.id.text, integration: integration.id.text, reference,
            transaction: transaction, extra: extra)
    }
}

/// An order as the guide sends it, with other members in front of its transactions.
func guideOrder(
    organisation: String, integration: String, _ reference: String, transaction: String,
    extra: String
) -> String {
    """
    {"type":"COMPLETE","organisation_id":"\(organisation)","integration_id":"\(integration)",
    "reference_id":"\(reference)","order_datetime":"2026-02-17T09:59:00Z",
    "order_number":"AF-10001","order_subtotal_amount_in_cents":4900,"order_currency":"USD",
    "order_total_amount_in_cents":4900,"order_status":"CLOSED_COMPLETE"\(extra),
    "transactions":[{"reference_id":"\(transaction)","amount_in_cents":4900,"currency":"USD",
    "payment_method_type":"CARD","authorisation_status":"SETTLED",
    "payment_method_reference_id":"pay_1","authorised_at":"2026-02-17T09:59:05Z",
    "descriptor":"ACMEFIT MONTHLY",
    "payment_method_card_brand":"VISA","payment_method_card_last_4":"4242",
    "acquirer_reference_number":"74027012345678901234567"}]}
    """
}
