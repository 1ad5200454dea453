package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `enrolment_identifier`: who holds which descriptor, BIN + CAID or ARN. It belongs to no
/// organisation, because an identifier is unique over all of them.
package struct EnrolmentIdentifierStore {
    /// Whether another enrolment of the same partner, in the same mode, holds one of the identifiers.
    package static func isHeld(
        _ configuration: EnrolmentConfiguration, mode: AccountMode, by partner: PartnerID,
        _ tx: any ReadTransaction
    ) throws -> Bool {
        try tx.row(
            """
            SELECT 1 FROM enrolment_identifier
            WHERE mode = \(mode.rawValue) AND type = \(configuration.type.rawValue)
            AND identifier IN \(anyOf: configuration.identifiers) AND partner_id = \(partner.text)
            LIMIT 1
            """
        ) { try $0.integer() } != nil
    }

    static func hold(
        _ enrolment: Enrolment, mode: AccountMode, partner: PartnerID, _ tx: any WriteTransaction
    ) throws {
        for identifier in enrolment.configuration.identifiers {
            try tx.execute(
                """
                INSERT INTO enrolment_identifier (mode, type, identifier, enrolment_id, partner_id)
                VALUES (\(mode.rawValue), \(enrolment.type.rawValue), \(identifier),
                    \(enrolment.id.text), \(partner.text))
                ON CONFLICT DO NOTHING
                """)
        }
    }

    static func release(_ enrolment: EnrolmentID, _ tx: any WriteTransaction) throws {
        try tx.execute(
            "DELETE FROM enrolment_identifier WHERE enrolment_id = \(enrolment.text)")
    }
}

extension EnrolmentConfiguration {
    /// What the network tells merchants apart by, in one spelling.
    var identifiers: [String] {
        switch self {
        case .ethocaAlert(let descriptors):
            descriptors.map { $0.text.uppercased() }
        case .verifiRDR(.acquirer(let bin, let caid)): [bin + ":" + caid.uppercased()]
        case .verifiRDR(.arns(let arns)): arns
        }
    }
}
