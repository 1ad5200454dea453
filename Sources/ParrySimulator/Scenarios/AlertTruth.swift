package import ParryWire

/// What is true of one alert, whatever a matcher may think of it.
package struct AlertTruth: Sendable, Hashable {
    /// What the alert should be judged as (CONTRACT.md 13).
    package enum Validity: String, Sendable, CaseIterable {
        case valid = "VALID"
        case duplicate = "DUPLICATE"
        case alreadyRefunded = "ALREADY_REFUNDED"
        case alreadyDisputed = "ALREADY_DISPUTED"
        case wrongMerchant = "WRONG_MERCHANT"
        case notFound = "NOT_FOUND"
    }

    /// The network that raised it.
    package enum Network: String, Sendable, CaseIterable {
        case ethoca
        case verifi
    }

    package var network: Network
    /// Ethoca's alert id, or the id of a Verifi case.
    package var alertID: String
    /// The decision that the case belongs to; nil for Ethoca.
    package var decisionID: String?
    /// The `reference_id` of the transaction it is about; nil when the seller never uploaded one.
    package var transactionReferenceID: String?
    /// What makes this alert what it is: the raw value of its ``Scenario``.
    package var reason: String
    /// Whether the uploaded data can tell which sale is meant, by ``Evidence``.
    package var isDecidable: Bool
    package var validity: Validity
    /// Whose alert it is; nil outside a world, where there is one organisation only.
    package var organisationID: OrganisationID?

    /// Takes every member.
    package init(
        network: Network, alertID: String, decisionID: String? = nil,
        transactionReferenceID: String?, reason: String, isDecidable: Bool, validity: Validity
    ) {
        self.network = network
        self.alertID = alertID
        self.decisionID = decisionID
        self.transactionReferenceID = transactionReferenceID
        self.reason = reason
        self.isDecidable = isDecidable
        self.validity = validity
    }

    /// Writes one line of `truth.jsonl`.
    package func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("network", network)
        writer.field("organisation_id", organisationID?.text)
        writer.field("alert_id", alertID)
        writer.field("decision_id", decisionID)
        writer.field("transaction_reference_id", transactionReferenceID)
        writer.field("reason", reason)
        writer.field("is_decidable", isDecidable)
        writer.field("validity", validity)
        writer.endObject()
    }
}
