package import ParryDomain
package import ParryWire

extension SchemeNotice: WireObject {
    /// The members of the webhook's object (CONTRACT.md 16); every member always, null when empty.
    package func write(to json: inout JSONWriter, links: Bool) {
        json.beginObject()
        json.field("id", id.text)
        json.field("organisation_id", organisationID.text)
        json.field("merchant_id", merchantID?.text)
        json.field("scheme_notice_type", type)
        json.field("notice_type", type.noticeType)
        json.field("scheme", type.scheme)
        json.field("reported_at", reportedAt.truncatedToSecond)
        json.field(
            "fraud_reported_at", type.noticeType == .fraud ? reportedAt.truncatedToSecond : nil)
        json.field("fraud_type", fraudType)
        transaction.write(to: &json)
        json.field("transaction_merchant_name", merchantName)
        json.field("transaction_merchant_id", merchantNetworkID)
        json.field("created_at", createdAt.truncatedToSecond)
        json.field("updated_at", createdAt.truncatedToSecond)
        if links { json.links("/v1/scheme-notices", id.text) }
        json.endObject()
    }
}

extension Lookup: WireObject {
    /// Every member always, null when empty; `enrollment_id` is spelt as in the original.
    package func write(to json: inout JSONWriter, links: Bool) {
        json.beginObject()
        json.field("id", id.text)
        json.field("organisation_id", organisationID.text)
        json.field("enrollment_id", enrolmentID?.text)
        json.field("parent_lookup_id", parentID?.text)
        json.field("type", type)
        json.field("lookup_status", status)
        json.field("deflection_status", deflectionStatus)
        transaction.write(to: &json)
        json.field("created_at", createdAt.truncatedToSecond)
        json.field("updated_at", updatedAt.truncatedToSecond)
        if links { json.links("/v1/lookups", id.text) }
        json.endObject()
    }
}

extension NoticeTransaction {
    fileprivate func write(to json: inout JSONWriter) {
        json.field("transaction_amount_in_cents", amount)
        json.field("transaction_currency_code", currency)
        json.field("transaction_card_bin", cardBIN)
        json.field("transaction_card_last4", cardLast4)
        json.field("transaction_acquirer_reference_number", acquirerReferenceNumber)
        json.field("transaction_authorisation_code", authorisationCode)
        json.field("transaction_original_date", originalDate.truncatedToSecond)
    }
}
