package import ParryDatabase
package import ParryDomain
package import ParryWire

/// The rows of `enrolment_identifier`: who holds which descriptor, BIN + CAID or ARN. It belongs to no
/// organisation, because an identifier is unique over all of them.
package struct EnrolmentIdentifierStore {
    /// "ENID": the lock under which it is seen who holds an identifier.
    private static let lock: Int64 = 0x454E_4944

    /// The partners with an enrolment in this mode that holds one of the identifiers. Until the transaction
    /// ends nobody else can ask, so that two enrolments at once cannot both find one free.
    package static func holders(
        of configuration: EnrolmentConfiguration, mode: AccountMode, _ tx: any WriteTransaction
    ) throws -> Set<PartnerID> {
        try tx.waitAlone(lock)
        return Set(
            try tx.rows(
                """
                SELECT DISTINCT partner_id FROM enrolment_identifier
                WHERE mode = \(mode.rawValue) AND type = \(configuration.type.rawValue)
                AND identifier IN \(anyOf: configuration.identifiers)
                """
            ) { PartnerID(stored: try $0.text()) })
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
            descriptors.map { Self.trim($0.text).uppercased() }
        case .verifiRDR(.acquirer(let bin, let caid)): [bin + ":" + caid.uppercased()]
        case .verifiRDR(.arns(let arns)): arns
        }
    }

    private static func trim(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
