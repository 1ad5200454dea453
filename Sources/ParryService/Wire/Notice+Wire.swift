package import ParryDomain
package import ParryWire

extension SchemeNotice: ShapedObject {
    /// The members of the webhook's object (CONTRACT.md 16).
    package static let shape = Shape<SchemeNotice>(
        "SchemeNotice", in: "/v1/scheme-notices", id: { $0.id.text },
        [
            .id("id") { $0.id }, .id("organisation_id") { $0.organisationID },
            .id("merchant_id") { $0.merchantID }, .word("scheme_notice_type") { $0.type },
            .word("notice_type") { $0.type.noticeType }, .word("scheme") { $0.type.scheme },
            .time("reported_at") { $0.reportedAt },
            .time("fraud_reported_at") {
                $0.type.noticeType == .fraud ? $0.reportedAt : nil
            },
            .text("fraud_type") { $0.fraudType },
        ] + NoticeTransaction.members { $0.transaction } + [
            .text("transaction_merchant_name") { $0.merchantName },
            .text("transaction_merchant_id") { $0.merchantNetworkID },
            .time("created_at") { $0.createdAt }, .time("updated_at") { $0.createdAt },
        ])
}

extension Lookup: ShapedObject {
    /// `enrollment_id` is spelt as in the original (CONTRACT.md 17).
    package static let shape = Shape<Lookup>(
        "Lookup", in: "/v1/lookups", id: { $0.id.text },
        [
            .id("id") { $0.id }, .id("organisation_id") { $0.organisationID },
            .id("enrollment_id") { $0.enrolmentID }, .id("parent_lookup_id") { $0.parentID },
            .word("type") { $0.type }, .word("lookup_status") { $0.status },
            .word("deflection_status") { $0.deflectionStatus },
        ] + NoticeTransaction.members { $0.transaction } + [
            .time("created_at") { $0.createdAt }, .time("updated_at") { $0.updatedAt },
        ])
}

extension NoticeTransaction {
    fileprivate static func members<Notice>(
        _ transaction: @escaping @Sendable (Notice) -> NoticeTransaction
    ) -> [ShapeMember<Notice>] {
        [
            .integer("transaction_amount_in_cents") { transaction($0).amount },
            .text("transaction_currency_code") { transaction($0).currency },
            .text("transaction_card_bin") { transaction($0).cardBIN },
            .text("transaction_card_last4") { transaction($0).cardLast4 },
            .text("transaction_acquirer_reference_number") {
                transaction($0).acquirerReferenceNumber
            },
            .text("transaction_authorisation_code") { transaction($0).authorisationCode },
            .time("transaction_original_date") { transaction($0).originalDate },
        ]
    }
}
